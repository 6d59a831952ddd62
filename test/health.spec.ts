import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  executeGraphql,
  freePorts,
  GraphqlTransportWsClient,
  startDynamoDb,
  startProgram,
  startRedisServer,
} from '#libs/testing';
import type { DynamoDb, RedisServer } from '#libs/testing';
import { apiKey, startProcess } from './start-process.js';
import type { Process } from './start-process.js';

const createTask = 'mutation { createTask(title: "Nest", boardId: "board-1") { id title boardId } }';

let redis: RedisServer;
let dynamodb: DynamoDb;
const started = new AsyncDisposableStack();
beforeAll(async () => {
  redis = started.adopt(await startRedisServer({ appendOnly: true }), (it) => it.stop());
  dynamodb = started.adopt(await startDynamoDb(), (it) => it.stop());
  await dynamodb.createTable({ tableName: 'TasksTable', partitionKey: 'id' });
});
afterAll(() => started.disposeAsync());

interface Watched extends Process {
  /** Resolves with the answer of `/readyz` when it has this status. */
  becomes(status: number, withinMs: number): Promise<Record<string, string>>;
}

async function start(app: 'api' | 'gateway', redisUrl = redis.url): Promise<Watched> {
  const process = await startProcess(app, { REDIS_URL: redisUrl, DYNAMODB_ENDPOINT: dynamodb.endpoint });
  return {
    ...process,
    async becomes(status, withinMs) {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const answer = await process.ask('/readyz');
        if (answer.status === status) return (JSON.parse(answer.body) as { checks: Record<string, string> }).checks;
        if (Date.now() > deadline) throw new Error(`/readyz is still ${answer.status}: ${answer.body}`);
        await sleep(100);
      }
    },
  };
}

const mutate = ({ port }: Process) =>
  executeGraphql(`http://127.0.0.1:${port}/graphql`, { 'x-api-key': apiKey }, createTask);

describe('the metrics port', () => {
  it('should serve what each process counts, from a mutation to its delivery', async () => {
    const [api, gateway] = await Promise.all([start('api'), start('gateway')]);
    const url = `ws://127.0.0.1:${gateway.port}/graphql/realtime`;
    const client = await GraphqlTransportWsClient.connect({ url });
    onTestFinished(() => client.terminate());
    await client.init({ 'x-api-key': apiKey });
    client.start('a', 'subscription { onTaskCreated { title } }');
    await expect.poll(() => gateway.metric('starling_gateway_subscriptions')).toBe(1);
    await mutate(api);
    await client.waitForMessage(({ type }) => type === 'next');

    expect(await api.metric('starling_api_requests_total{operation="mutation",outcome="ok"}')).toBe(1);
    expect(await api.metric('starling_api_published_entries_total{outcome="appended"}')).toBe(1);
    const dataSource = 'data_source="TasksDynamoDB",type="AMAZON_DYNAMODB"';
    expect(await api.metric(`starling_data_source_duration_seconds_count{${dataSource},outcome="ok"}`)).toBe(1);
    expect(await gateway.metric('starling_gateway_connections{protocol="graphql-transport-ws"}')).toBe(1);
    expect(await gateway.metric('starling_gateway_connections{protocol="appsync"}')).toBe(0);
    expect(await gateway.metric('starling_gateway_filter_conjunctions')).toBe(1);
    expect(await gateway.metric('starling_gateway_log_entries_total{kind="event"}')).toBe(1);
    expect(await gateway.metric('starling_gateway_deliveries_total{result="sent"}')).toBe(1);
    expect(await gateway.metric('starling_gateway_delivery_latency_seconds_count')).toBe(1);
    expect(await gateway.metric('starling_gateway_log_reading')).toBe(1);
    expect(await gateway.metric('starling_gateway_log_lag_seconds')).toBe(0);
    // Nothing was seen of the event loop when metrics are read twice within 10 ms.
    await expect.poll(() => gateway.metric('nodejs_eventloop_lag_p99_seconds')).toBeLessThan(10);
    expect(await gateway.metric('process_open_fds')).toBeGreaterThan(5);
  });

  it('should not be needed', async () => {
    const [port] = await freePorts(1);
    const env = { STARLING_API: 'examples/boards', STARLING_API_KEY: apiKey, REDIS_URL: redis.url, PORT: String(port) };
    const gateway = await startProgram({
      script: 'dist/apps/gateway/src/main.js',
      env: { ...env, METRICS_PORT: '0' },
      readyText: 'is listening',
    });
    expect(await gateway.stop()).toBe(0);
  });
});

describe('the gateway', () => {
  it(
    'should be unready while the event log is silent for ten seconds, and alive all the time',
    { timeout: 60_000 },
    async () => {
      const gateway = await start('gateway');
      expect(await gateway.becomes(200, 5_000)).toEqual({ process: 'ok', eventLog: 'ok' });
      // Half open: the socket stays, and nothing comes.
      await redis.kill('SIGSTOP');
      try {
        const stoppedAt = Date.now();
        const { eventLog } = await gateway.becomes(503, 20_000);
        expect(eventLog).toMatch(/^The event log has not answered for 1\d seconds\.$/);
        expect(Date.now() - stoppedAt).toBeGreaterThan(5_000);
        expect((await gateway.ask('/healthz')).status).toBe(200);
        expect(await gateway.metric('starling_gateway_log_reading')).toBe(0);
        expect(await gateway.metric('starling_gateway_log_silence_seconds')).toBeGreaterThan(10);
        expect(await gateway.metric('starling_gateway_log_lag_seconds')).toBeNaN();
      } finally {
        await redis.kill('SIGCONT');
      }
      await gateway.becomes(200, 10_000);
    },
  );
});

describe('the api', () => {
  it('should be ready when the event log has answered, and stay so without it', { timeout: 60_000 }, async () => {
    const own = await startRedisServer();
    onTestFinished(() => own.stop());
    await own.kill('SIGKILL');
    const api = await start('api', own.url);
    expect(await api.becomes(503, 1_000)).toEqual({
      process: 'ok',
      eventLog: 'The event log has not answered since the process started.',
      publishQueue: 'ok',
    });
    await own.restart();
    await api.becomes(200, 10_000);
    await own.kill('SIGKILL');
    expect((await mutate(api)).extensions).toEqual({ starling: { publish: 'deferred' } });
    const startedAt = performance.now();
    expect((await mutate(api)).extensions).toEqual({ starling: { publish: 'deferred' } });
    // The log is known to be away: nobody waits the half second that it has to acknowledge an event.
    expect(performance.now() - startedAt).toBeLessThan(450);
    await api.becomes(200, 1_000);
    expect(await api.metric('starling_api_publish_queue_entries')).toBe(2);
  });

  it('should be unready from the signal on, and answer until its queue is empty', { timeout: 60_000 }, async () => {
    const own = await startRedisServer({ appendOnly: true });
    onTestFinished(() => own.stop());
    const api = await start('api', own.url);
    await api.becomes(200, 10_000);
    await own.kill('SIGKILL');
    await mutate(api);
    const stopped = api.program.stop();
    expect(await api.becomes(503, 5_000)).toMatchObject({ process: 'The process is stopping.' });
    expect((await api.ask('/healthz')).status).toBe(200);
    expect(await api.metric('starling_api_publish_queue_entries')).toBe(1);
    await own.restart();
    expect(await stopped).toBe(0);
    expect(api.program.stdout()).not.toContain('Events were lost');
  });
});
