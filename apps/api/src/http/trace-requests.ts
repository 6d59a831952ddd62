import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { SpanAttributes, TraceSpan, Tracing } from '#libs/observability';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's span, where it is traced. */
    span?: TraceSpan;
  }
}

/**
 * Makes a span of each request, from its headers to the end of its answer, which goes on with the client's trace where it sent a
 * `traceparent`. It has the path and not the query, which may hold a token, and nothing that tells who the client is.
 */
export function traceRequests(adapter: FastifyAdapter, tracing: Tracing): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const span = tracing.start(nameOf(request), {
      kind: 'server',
      attributes: attributesOf(request),
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    request.span = span;
    // Of a client that goes away as well, which Fastify's own hook is not.
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw;
      if (!writableFinished) return span.end(new Error('The client went away.'));
      span.set({ 'http.response.status_code': statusCode });
      span.end(statusCode >= 500 ? new Error(`The request was answered ${statusCode}.`) : undefined);
    });
    done();
  });
}

/** By the route, of which there are few, and not by the path, which is the client's. */
function nameOf({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.url === undefined ? method : `${method} ${routeOptions.url}`;
}

function attributesOf({ id, method, url, protocol, routeOptions }: FastifyRequest): SpanAttributes {
  return {
    'http.request.method': method,
    'url.path': url.split('?', 1)[0] ?? '',
    'url.scheme': protocol,
    ...(routeOptions.url !== undefined && { 'http.route': routeOptions.url }),
    'starling.request.id': id,
  };
}
