import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { executeGraphql, GraphqlTransportWsClient } from '#libs/testing';
import { startSeparateProcesses } from '../stories/deployments/separate-processes.js';
import type { SeparateProcesses } from '../stories/deployments/separate-processes.js';
import { startCollector } from './collector.js';
import type { Collector } from './collector.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const clientSpanId = '00f067aa0ba902b7';
const mutation = 'mutation { createTask(title: "Nest", boardId: "traced") { id title boardId } }';

let collector: Collector;
let deployment: SeparateProcesses;
let key: Readonly<Record<string, string>>;

beforeAll(async () => {
  collector = await startCollector();
  deployment = await startSeparateProcesses({
    api: 'examples/boards',
    redisUrl: inject('redisUrl'),
    count: 1,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=tasks',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  });
  key = await deployment.credentialsOf(null);
});
afterAll(async () => {
  await deployment.stop();
  await collector.stop();
});

/** Three subscribers of the board, who have all been let in. */
async function subscribe(): Promise<GraphqlTransportWsClient> {
  const client = await GraphqlTransportWsClient.connect({ url: deployment.realtimeUrls[0]! });
  onTestFinished(() => client.terminate());
  await client.init(key);
  for (const id of ['1', '2', '3'])
    client.start(id, 'subscription { onTaskCreated(boardId: "traced") { id title boardId } }');
  client.send({ type: 'ping' });
  await client.waitForMessage(({ type }) => type === 'pong');
  return client;
}

describe('the trace of a mutation', () => {
  it('should go on from its client through the api and the event log to the delivery', async () => {
    const client = await subscribe();
    const traceparent = `00-${traceId}-${clientSpanId}-01`;
    await executeGraphql(deployment.graphqlUrls[0]!, { ...key, traceparent }, mutation);
    await client.waitForMessage(({ type }) => type === 'next');

    const processed = await collector.waitForSpan('process createTask', traceId);
    const request = await collector.waitForSpan('POST /graphql', traceId);
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const pathOf = ({ service, name, parentSpanId }: (typeof spans)[number]): string => {
      const parent = byId.get(parentSpanId);
      return `${parent ? `${pathOf(parent)} > ` : ''}${service}: ${name}`;
    };
    expect(request).toMatchObject({ parentSpanId: clientSpanId, kind: 2 });
    const published = 'starling-api: POST /graphql > starling-api: publish';
    const delivered = `${published} > starling-gateway: process createTask`;
    const resolved = 'starling-api: POST /graphql > starling-api: Mutation.createTask';
    // One for the event: three subscribers of one selection are one text and one delivery.
    expect(spans.map(pathOf).sort()).toEqual(
      [
        'starling-api: POST /graphql',
        resolved,
        `${resolved} > starling-api: AMAZON_DYNAMODB TasksDynamoDB`,
        published,
        delivered,
        `${delivered} > starling-gateway: match`,
        `${delivered} > starling-gateway: deliver`,
        `${delivered} > starling-gateway: deliver > starling-gateway: project`,
      ].sort(),
    );
    expect(processed.kind).toBe(5);
    expect(processed.attributes).toMatchObject({ 'starling.subscriptions.matched': 3, 'starling.entry.kind': 'event' });
    expect(request.attributes).toMatchObject({
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.type': 'mutation',
      'starling.outcome': 'ok',
    });
  });

  it('should begin at the api for a client that sends no trace, and tell its request id', async () => {
    await executeGraphql(deployment.graphqlUrls[0]!, key, mutation);
    const request = await vi.waitUntil(() =>
      collector.spans.find(({ name, parentSpanId }) => name === 'POST /graphql' && parentSpanId === ''),
    );
    expect(request.parentSpanId).toBe('');
    expect(request.attributes['starling.request.id']).toMatch(/^[\da-f-]{36}$/);
    expect((await collector.waitForSpan('process createTask', request.traceId)).service).toBe('starling-gateway');
  });

  it('should not be kept where the client keeps none, on the gateway neither', async () => {
    const unsampled = 'a'.repeat(32);
    const traceparent = `00-${unsampled}-${clientSpanId}-00`;
    await executeGraphql(deployment.graphqlUrls[0]!, { ...key, traceparent }, mutation);
    // One that is kept and comes after it has its place behind it.
    const kept = 'b'.repeat(32);
    await executeGraphql(
      deployment.graphqlUrls[0]!,
      { ...key, traceparent: `00-${kept}-${clientSpanId}-01` },
      mutation,
    );
    await collector.waitForSpan('process createTask', kept);
    expect(collector.spans.filter((span) => span.traceId === unsampled)).toEqual([]);
  });

  it('should have nothing of what clients send, neither values nor credentials', async () => {
    const url = `${deployment.graphqlUrls[0]!}?query=${encodeURIComponent('{ __typename }')}&token=hidden-in-the-query`;
    await fetch(url, { headers: key });
    await collector.waitForSpan('GET /graphql');
    const sent = collector.requests.map(({ body }) => body.toString()).join('\n');
    for (const secret of [key['x-api-key']!, 'hidden-in-the-query', 'Nest']) expect(sent).not.toContain(secret);
  });

  it('should be sent as the standard variables say', () => {
    expect(collector.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-tenant': 'tasks', 'content-encoding': 'gzip' },
    });
  });
});
