import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.js';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly readiness: Pick<Readiness, 'report'>;
  /** Told of what nobody expected; the request is answered 500. */
  onFailure(error: unknown): void;
}

export interface MetricsServer {
  readonly port: number;
  /** Cuts whoever still asks. */
  close(): Promise<void>;
}

/** Time for a request, in milliseconds: a probe gives up after a second, Prometheus after ten. */
const requestTimeoutMs = 10_000;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The methods there are, where it was another. */
  readonly allow?: string;
}

const notAllowed: Answer = { ...plainText(405, 'Only GET is served here.'), allow: 'GET, HEAD' };

/**
 * Serves what an orchestrator and Prometheus ask, on a port of its own, so that neither needs credentials and no client gets there:
 * `/metrics`; `/healthz`, 200 as long as the event loop turns; `/readyz`, 200 or 503 with what is wrong. Rejects when the port is taken.
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    answer(request, options).then(
      (found) => send(request, response, found),
      (error: unknown) => {
        options.onFailure(error);
        send(request, response, plainText(500, 'This failed in a way nobody expected. The log has more.'));
      },
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, { registry, readiness }: MetricsServerOptions): Promise<Answer> {
  const [path] = (request.url ?? '').split('?', 1);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  switch (path) {
    case '/healthz':
      return isRead ? json(200, { status: 'ok' }) : notAllowed;
    case '/readyz':
      return isRead ? readinessAnswer(readiness) : notAllowed;
    case '/metrics':
      return isRead ? { status: 200, contentType: registry.contentType, body: await registry.metrics() } : notAllowed;
    default:
      return plainText(404, 'Not found. There is /metrics, /healthz and /readyz.');
  }
}

function readinessAnswer({ report }: Pick<Readiness, 'report'>): Answer {
  const { isReady, checks } = report;
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'unready', checks });
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}

function plainText(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, contentType, body, allow }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(allow && { allow }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
