import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressBlock, clientAddresses } from '#libs/config';
import type { Metrics } from '#libs/observability';
import { errors, RequestError } from '#libs/protocol';
import { explainClientError, refuseClient } from './client-error.js';
import { defaultHttpOptions } from './http-options.js';
import type { HttpOptions } from './http-options.js';
import { explainRealtimePath } from './realtime-elsewhere.js';
import { RequestRate } from './request-rate.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Addresses the request came through: the client first, the TCP peer last. */
    sourceIp: readonly string[];
  }
}

/** Longest time between two looks for connections whose time is over, in milliseconds. Node's own, 30 seconds, is longer than our limits. */
const maxCheckIntervalMs = 1000;

/**
 * The HTTP server under Nest. Bodies reach the controller as text, whatever their content type, because what is wrong with
 * one is answered in AppSync's words. Every answer, a refusal too, names the request's id, under which the log has it.
 * Create the Nest application with `bodyParser: false`.
 */
export function createHttpAdapter(metrics: Metrics, options: Partial<HttpOptions> = {}): FastifyAdapter {
  const limits: HttpOptions = { ...defaultHttpOptions, ...options };
  const requests = new WeakMap<Socket, IncomingMessage>();
  const adapter = new FastifyAdapter({
    bodyLimit: limits.maxBodyBytes,
    genReqId: () => randomUUID(),
    requestTimeout: limits.bodyTimeoutMs,
    // Fastify takes 0 for its default; Node takes 1 ms for none to speak of.
    keepAliveTimeout: limits.keepAliveTimeoutMs || 1,
    clientErrorHandler: (error, socket) => {
      // Nobody listens, or everything has been said.
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const refusal = explainClientError(error.code, requests.get(socket)?.complete === false, limits);
      if (refusal.limit !== undefined) metrics.limitRefusals.inc({ limit: refusal.limit });
      return refuseClient(socket, refusal);
    },
    // Fastify's own answer would quote the whole address. No hook has run yet.
    frameworkErrors: (_error: unknown, { id }: FastifyRequest, reply: FastifyReply) => {
      const { errorType } = errors.MALFORMED_REQUEST;
      void reply
        .status(400)
        .headers({ 'x-amzn-requestid': id, 'x-amzn-errortype': errorType })
        .header('content-type', 'application/json; charset=utf-8')
        .send({ errors: [{ errorType, message: 'The path of the request is not percent-encoded.' }] });
    },
    http: {
      // Java's client offers HTTP/2 with every request that has no TLS; an offer that is not taken changes nothing.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.trim().toLowerCase() === 'websocket',
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs(limits),
    },
  });
  const fastify = adapter.getInstance();
  boundConnections(fastify.server, limits, metrics);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.decorateRequest('sourceIp');
  const rate = limits.requestsPerSecondPerAddress > 0 && new RequestRate(limits.requestsPerSecondPerAddress);
  // Nest's hook for CORS runs before this one: a page can read a refusal, and preflights are not counted.
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-amzn-requestid', request.id);
    const { socket, headers } = request;
    requests.set(socket, request.raw);
    request.sourceIp = clientAddresses(socket.remoteAddress, headers['x-forwarded-for'], limits.trustedProxies);
    const isTooOften = rate && !rate.take(addressBlock(request.sourceIp[0] ?? ''));
    done(
      isTooOften
        ? new RequestError('THROTTLED', 'Rate exceeded', { limit: 'REQUESTS_PER_SECOND_PER_ADDRESS' })
        : undefined,
    );
  });
  explainRealtimePath(fastify);
  return adapter;
}

function checkIntervalMs({ headersTimeoutMs, bodyTimeoutMs }: HttpOptions): number {
  const shortest = Math.min(headersTimeoutMs || Infinity, bodyTimeoutMs || Infinity);
  return Math.min(maxCheckIntervalMs, Math.ceil(shortest / 4));
}

/** Connections beyond the limit are closed without an answer: one would need the connection. */
function boundConnections(server: Server, { maxConnections }: HttpOptions, metrics: Metrics): void {
  if (maxConnections === 0) return;
  server.maxConnections = maxConnections;
  server.on('drop', () => metrics.limitRefusals.inc({ limit: 'MAX_CONNECTIONS' }));
}
