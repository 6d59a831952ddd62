import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from './metrics/metrics.js';
import { startMetricsServer } from './metrics-server.js';
import type { MetricsServer } from './metrics-server.js';
import { Readiness } from './readiness.js';

let server: MetricsServer;
let readiness: Readiness;
let failures: unknown[];
const metrics = createMetrics();
let collect: () => Promise<string>;

beforeEach(async () => {
  readiness = new Readiness();
  failures = [];
  collect = () => metrics.registry.metrics();
  server = await startMetricsServer({
    host: '127.0.0.1',
    port: 0,
    registry: { contentType: metrics.registry.contentType, metrics: () => collect() },
    readiness,
    onFailure: (error) => failures.push(error),
  });
});
afterEach(() => server.close());

const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

describe('the metrics server', () => {
  it('should answer metrics in the text format of Prometheus', async () => {
    metrics.limitRefusals.inc({ limit: 'MAX_CONNECTIONS' });
    const answer = await ask('/metrics?name[]=x');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('starling_limit_refusals_total{limit="MAX_CONNECTIONS"} 1');
  });

  it('should answer that the process lives, whether it is ready or not', async () => {
    const answer = await ask('/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('should answer 503 with what is wrong until the process is ready', async () => {
    const unready = await ask('/readyz');
    expect([unready.status, await unready.json()]).toEqual([
      503,
      { status: 'unready', checks: { process: 'The process is starting.' } },
    ]);
    readiness.begin({ eventLog: () => undefined });
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { process: 'ok', eventLog: 'ok' } },
    ]);
  });

  it.each(['/', '/graphql', '/metrics/', '/constructor', '/__proto__'])('should serve nothing at %s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  it('should answer HEAD without a body, and refuse to be written to', async () => {
    const head = await ask('/readyz', 'HEAD');
    expect([head.status, await head.text()]).toEqual([503, '']);
    const post = await ask('/metrics', 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('should answer 500 and say no more when metrics cannot be read', async () => {
    collect = () => Promise.reject(new Error('secret detail'));
    const answer = await ask('/metrics');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(failures).toEqual([new Error('secret detail')]);
  });

  it('should reject when its port is taken', async () => {
    const options = { host: '127.0.0.1', port: server.port, registry: metrics.registry, readiness };
    await expect(startMetricsServer({ ...options, onFailure: () => undefined })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
