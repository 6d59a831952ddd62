import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errors } from '#libs/protocol';
import type { HttpOptions } from './http-options.js';

/** Why Node's HTTP server has refused what came before there was a request to answer. */
export interface ClientRefusal {
  readonly status: number;
  readonly message: string;
  /** The setting whose limit was passed. */
  readonly limit?: string;
}

/** The refusal that an error of Node's HTTP server stands for. `hasHeaders`: the request's headers have come, its body has not. */
export function explainClientError(
  code: string | undefined,
  hasHeaders: boolean,
  { maxHeaderBytes, headersTimeoutMs, bodyTimeoutMs }: HttpOptions,
): ClientRefusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': {
      const message = `The headers of the request are too large. At most ${maxHeaderBytes} bytes are allowed.`;
      return { status: 431, message, limit: 'MAX_HEADER_BYTES' };
    }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return hasHeaders
        ? { status: 408, message: `The request did not come within ${bodyTimeoutMs} ms.`, limit: 'BODY_TIMEOUT_MS' }
        : {
            status: 408,
            message: `The headers of the request did not come within ${headersTimeoutMs} ms.`,
            limit: 'HEADERS_TIMEOUT_MS',
          };
    default:
      return { status: 400, message: 'The request is not HTTP.' };
  }
}

/** Answers a refusal in AppSync's shape on the bare connection, and ends it. */
export function refuseClient(socket: Socket, { status, message }: ClientRefusal): void {
  const { errorType } = errors.MALFORMED_REQUEST;
  const body = JSON.stringify({ errors: [{ errorType, message }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-amzn-errortype: ${errorType}`,
    `x-amzn-requestid: ${randomUUID()}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
