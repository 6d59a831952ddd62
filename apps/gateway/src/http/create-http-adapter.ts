import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '#libs/observability';
import { errors } from '#libs/protocol';

/** Limits of the requests that connections begin with; each has its environment variable in docs/reference/environment.md. */
export interface HandshakeLimits {
  /** Time for the headers of a request, in milliseconds. 0: any. */
  readonly headersTimeoutMs: number;
  /** Largest headers of a request, its first line counted, in bytes. */
  readonly maxHeaderBytes: number;
}

/**
 * Longest time between two looks for connections whose time is over, in milliseconds. Node's own, 30 seconds, is longer than our
 * limit.
 */
const maxCheckIntervalMs = 1_000;

/**
 * Connections that may wait until the process accepts them, which it does with all of them at once: as many as hold up the deliveries of
 * others for some 30 ms. With four times as many others waited for most of a second of a storm; with Node's own 511 more of the storm is
 * dropped by the kernel, and those clients try again after a second.
 */
export const acceptQueueLength = 1_024;

/** The HTTP server under the gateway, for a process of its own. What never becomes a request is refused in AppSync's shape. */
export function createHttpAdapter(limits: HandshakeLimits, metrics: Metrics): FastifyAdapter {
  const { headersTimeoutMs, maxHeaderBytes } = limits;
  return new FastifyAdapter({
    // Bodies are one subscription each: a request has the time of its headers.
    requestTimeout: headersTimeoutMs,
    clientErrorHandler: ({ code }, socket) => {
      if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const { status, message, limit } = explain(code, limits);
      if (limit) metrics.limitRefusals.inc({ limit });
      refuse(socket, status, message);
    },
    // Fastify's own answer would quote the whole address.
    frameworkErrors: (_error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      const { errorType } = errors.BAD_REQUEST;
      void reply
        .status(400)
        .header('x-amzn-errortype', errorType)
        .header('content-type', 'application/json; charset=utf-8')
        .send({ errors: [{ errorType, message: 'The path of the request is not percent-encoded.' }] });
    },
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: Math.min(maxCheckIntervalMs, Math.ceil((headersTimeoutMs || Infinity) / 4)),
    },
  });
}

function explain(
  code: string | undefined,
  { headersTimeoutMs, maxHeaderBytes }: HandshakeLimits,
): { readonly status: number; readonly message: string; readonly limit?: string } {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `The headers of the request are too large. At most ${maxHeaderBytes} bytes are allowed.`;
    return { status: 431, message, limit: 'MAX_HEADER_BYTES' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message = `The request did not come within ${headersTimeoutMs} ms.`;
    return { status: 408, message, limit: 'HEADERS_TIMEOUT_MS' };
  }
  return { status: 400, message: 'The request is not HTTP.' };
}

function refuse(socket: Socket, status: number, message: string): void {
  const { errorType } = errors.BAD_REQUEST;
  const body = JSON.stringify({ errors: [{ errorType, message }] });
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\nx-amzn-errortype: ${errorType}\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
