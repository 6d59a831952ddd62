import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTracing } from './start-tracing.js';
import type { Tracing, TracingOptions } from './tracing.js';

interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A collector that keeps what was posted to it. */
async function startCollector(): Promise<{ url: string; posted: readonly Posted[] }> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, posted };
}

async function start(options: Partial<TracingOptions>): Promise<Tracing> {
  return startTracing({
    serviceName: 'starling-api',
    resource: { 'k8s.pod.name': 'api-1' },
    url: 'http://127.0.0.1:9/v1/traces',
    protocol: 'http/protobuf',
    sampler: 'parentbased_always_on',
    samplerRatio: 1,
    batch: { scheduledDelayMillis: 60_000, maxQueueSize: 10, maxExportBatchSize: 10, exportTimeoutMillis: 1_000 },
    onFailure: () => undefined,
    ...options,
  });
}

describe('tracing', () => {
  it.each([
    ['http/protobuf', 'application/x-protobuf', (traceId: string) => Buffer.from(traceId, 'hex')],
    ['http/json', 'application/json', (traceId: string) => Buffer.from(traceId)],
  ] as const)('should send what has ended when it closes: %s', async (protocol, contentType, written) => {
    const { url, posted } = await startCollector();
    const tracing = await start({ url, protocol });
    const span = tracing.start('process createTask', { kind: 'consumer' });
    span.start('match').end();
    span.end();
    await tracing.close();

    expect(posted.map(({ headers }) => headers['content-type'])).toEqual([contentType]);
    const [{ body }] = posted as [Posted];
    expect(body.includes(written(span.traceId))).toBe(true);
    for (const text of ['starling-api', 'api-1', 'process createTask', 'match', 'service.instance.id'])
      expect(body.includes(text)).toBe(true);
  });

  it('should tell of a failure by its message, without a credential and without a stack', async () => {
    const { url, posted } = await startCollector();
    const tracing = await start({ url, protocol: 'http/json' });
    const span = tracing.start('GET /graphql', { kind: 'server' });
    span.end(new TypeError('No answer to authorization: Bearer abcdefgh'));
    await tracing.close();

    const body = posted[0]!.body.toString();
    expect(body).toContain('"TypeError"');
    expect(body).toContain('No answer to authorization: Bearer [secret]');
    expect(body).not.toContain('abcdefgh');
    expect(body).not.toContain('start-tracing.spec');
  });

  it('should keep no part of a trace that the caller does not keep, and say so to whoever goes on', async () => {
    const { url, posted } = await startCollector();
    const tracing = await start({ url });
    const traceId = 'a'.repeat(32);
    const span = tracing.start('POST /graphql', { kind: 'server', traceparent: `00-${traceId}-${'b'.repeat(16)}-00` });
    const part = span.start('publish', {}, 'producer');
    expect(part.traceparent).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
    part.start('deeper').end();
    part.end();
    span.end();
    await tracing.close();
    expect(posted).toEqual([]);
  });

  it.each([
    ['always_off', 1, 0],
    ['traceidratio', 0, 0],
    ['parentbased_always_off', 1, 0],
    ['parentbased_traceidratio', 0, 0],
    ['parentbased_traceidratio', 1, 1],
    ['traceidratio', 1, 1],
    ['always_on', 0, 1],
  ] as const)('should keep what the sampler says: %s, %d', async (sampler, samplerRatio, sampled) => {
    const tracing = await start({ sampler, samplerRatio });
    const span = tracing.start('POST /graphql', { kind: 'server' });
    expect(span.traceparent.endsWith(`-0${sampled}`)).toBe(true);
  });

  it('should tell of a collector that is away, and go on', async () => {
    const onFailure = vi.fn();
    const batch = { scheduledDelayMillis: 1, maxQueueSize: 10, maxExportBatchSize: 10, exportTimeoutMillis: 300 };
    const tracing = await start({ onFailure, batch });
    tracing.start('POST /graphql', { kind: 'server' }).end();
    const told: unknown[] = [expect.any(Error), expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT')];
    await vi.waitFor(() => expect(onFailure).toHaveBeenCalledWith(...told), { timeout: 5_000 });
    tracing.start('POST /graphql', { kind: 'server' }).end();
    await tracing.close();
  });
});
