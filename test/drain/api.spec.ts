import { once } from 'node:events';
import { Agent, request as forward, createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRedisEventLog } from '#libs/event-log';
import { startDynamoDb, startRedisServer } from '#libs/testing';
import type { DynamoDb, RedisServer } from '#libs/testing';
import { apiKey, startProcess } from '../start-process.js';
import type { Process } from '../start-process.js';

const started = new AsyncDisposableStack();
let dynamoDb: DynamoDb;
beforeAll(async () => {
  dynamoDb = started.adopt(await startDynamoDb(), (it) => it.stop());
  await dynamoDb.createTable({ tableName: 'TasksTable', partitionKey: 'id' });
});
afterAll(() => started.disposeAsync());

async function startRedis(): Promise<RedisServer> {
  const redis = await startRedisServer({ appendOnly: true });
  onTestFinished(() => redis.stop());
  return redis;
}

/** A DynamoDB that keeps its answers until they are let go: a mutation waits for it in the middle of its resolver. */
async function startSlowDynamoDb() {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const { method, headers, url: path } = request;
    const sent = forward({ host: '127.0.0.1', port: dynamoDb.port, method, headers, path }, (answer) => {
      waiting.push(() => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
    });
    request.pipe(sent);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waitFor: (count: number) => vi.waitFor(() => expect(waiting.length).toBe(count), { timeout: 5_000 }),
    release: () => waiting.splice(0).forEach((answer) => answer()),
  };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly data?: unknown; readonly errors?: readonly object[]; readonly extensions?: object };
}

/** Sends a mutation. `agent`: whose connection it goes over. Default: one of its own. */
async function createTask({ port }: Process, title: string, agent: Agent | false = false): Promise<Answer> {
  const sent = forward({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/graphql',
    agent,
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey, connection: 'keep-alive' },
  });
  const query = 'mutation ($title: String!) { createTask(title: $title, boardId: "nest") { id title boardId } }';
  sent.end(JSON.stringify({ query, variables: { title } }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(await text(response)) as Answer['body'],
  };
}

/** Follows the log from here on: what it answers gives the titles of the tasks whose events came since. */
async function followLog(redisUrl: string): Promise<() => Promise<readonly string[]>> {
  const log = createRedisEventLog({ url: redisUrl, api: 'boards' });
  onTestFinished(() => log.close());
  const beginning = await log.tail();
  return async () => {
    const page = await log.page(beginning);
    if (!('entries' in page)) throw new Error(`The log has a gap: ${page.reason}`);
    return page.entries.map(({ entry }) => (JSON.parse(entry.payload) as { title: string }).title);
  };
}

const becomesUnready = (api: Process) =>
  expect.poll(async () => (await api.ask('/readyz')).status, { interval: 10, timeout: 5_000 }).toBe(503);

/** The record of how it has drained. */
const drainedRecord = (api: Process) => api.records().find(({ msg }) => String(msg).startsWith('The api has drained'));

/** Resolves when nobody can connect any more. */
const becomesClosed = ({ port }: Process) =>
  expect
    .poll(
      async () => {
        const socket = connect(port, '127.0.0.1');
        try {
          await once(socket, 'connect');
          return 'connected';
        } catch (error) {
          return (error as { code?: string }).code;
        } finally {
          socket.destroy();
        }
      },
      { interval: 50, timeout: 5_000 },
    )
    .toBe('ECONNREFUSED');

describe('an api that is told to stop', { timeout: 60_000 }, () => {
  it('should answer the mutation it executes, with its event in the log, and take no new ones', async () => {
    const redis = await startRedis();
    const titles = await followLog(redis.url);
    const slow = await startSlowDynamoDb();
    const env = { REDIS_URL: redis.url, DYNAMODB_ENDPOINT: slow.endpoint, DRAIN_DELAY_MS: '1000', DRAIN_SECONDS: '10' };
    const api = await startProcess('api', env);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const underWay = createTask(api, 'under way', agent);
    await slow.waitFor(1);
    // One that has connected, and takes its time to say what it wants.
    const slowClient = connect(api.port, '127.0.0.1');
    await once(slowClient, 'connect');
    slowClient.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n');

    api.terminate();
    await becomesUnready(api);
    // Load balancers hear of it later: who comes meanwhile is served.
    const meanwhile = createTask(api, 'meanwhile', agent);
    await slow.waitFor(2);
    await becomesClosed(api);
    slowClient.end('\r\n{}');
    const refusal = await text(slowClient);
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusal).toMatch(/^connection: close\r$/im);
    expect(refusal).toMatch(/^retry-after: 1\r$/im);
    expect(refusal).toContain('"errorType":"ServiceUnavailableException"');
    expect(await api.metric('starling_draining')).toBe(1);
    slow.release();

    for (const { status, headers, body } of await Promise.all([underWay, meanwhile])) {
      expect([status, body.errors, body.extensions]).toEqual([200, undefined, undefined]);
      // Also of the one that came before: its connection is not for the next.
      expect(headers.connection).toBe('close');
    }
    expect(await api.program.ended).toBe(0);
    expect([...(await titles())].sort()).toEqual(['meanwhile', 'under way']);
    expect(drainedRecord(api)).toMatchObject({
      level: 30,
      cutRequests: 0,
      lostEvents: 0,
      msg: 'The api has drained',
    });
    expect(api.program.stderr()).toBe('');
  });

  it('should execute a mutation to its end, and publish its event, although its client is gone', async () => {
    const redis = await startRedis();
    const titles = await followLog(redis.url);
    const slow = await startSlowDynamoDb();
    const env = { REDIS_URL: redis.url, DYNAMODB_ENDPOINT: slow.endpoint, DRAIN_SECONDS: '10' };
    const api = await startProcess('api', env);
    const agent = new Agent();
    const lost = createTask(api, 'nobody listens', agent).catch((error: unknown) => (error as Error).message);
    await slow.waitFor(1);
    agent.destroy();
    expect(await lost).toBe('socket hang up');
    api.terminate();
    await becomesClosed(api);
    slow.release();
    expect(await api.program.ended).toBe(0);
    expect(await titles()).toEqual(['nobody listens']);
  });

  it('should wait for the event log that is away, and publish what waits when it is back', async () => {
    const redis = await startRedis();
    const titles = await followLog(redis.url);
    const env = { REDIS_URL: redis.url, DYNAMODB_ENDPOINT: dynamoDb.endpoint, DRAIN_SECONDS: '20' };
    const api = await startProcess('api', env);
    await redis.kill('SIGKILL');
    const { body } = await createTask(api, 'deferred');
    expect(body.extensions).toEqual({ starling: { publish: 'deferred' } });
    api.terminate();
    await becomesClosed(api);
    await redis.restart();
    expect(await api.program.ended).toBe(0);
    expect(await titles()).toEqual(['deferred']);
    expect(drainedRecord(api)).toMatchObject({ waitingEvents: 1, lostEvents: 0 });
  });

  it('should say how many events are lost, and end with status 1, when the event log does not come back', async () => {
    const redis = await startRedis();
    const env = { REDIS_URL: redis.url, DYNAMODB_ENDPOINT: dynamoDb.endpoint, DRAIN_SECONDS: '1' };
    const api = await startProcess('api', env);
    await redis.kill('SIGKILL');
    for (const title of ['first', 'second']) await createTask(api, title);
    const toldAt = performance.now();
    expect(await api.program.stop()).toBe(1);
    expect(performance.now() - toldAt).toBeLessThan(5_000);
    const loss = 'Events that the event log (REDIS_URL) did not take in time and that are lost: 2.';
    expect(api.program.stderr()).toBe(`${loss}\n`);
    expect(drainedRecord(api)).toMatchObject({
      level: 50,
      lostEvents: 2,
      msg: expect.stringContaining(loss) as string,
    });
  });

  it('should cut what does not end in time, say so, and end with status 1', async () => {
    const redis = await startRedis();
    const slow = await startSlowDynamoDb();
    const env = { REDIS_URL: redis.url, DYNAMODB_ENDPOINT: slow.endpoint, DRAIN_SECONDS: '1' };
    const api = await startProcess('api', env);
    const cut = createTask(api, 'never').catch((error: unknown) => (error as Error).message);
    await slow.waitFor(1);
    expect(await api.program.stop()).toBe(1);
    expect(await cut).toBe('socket hang up');
    expect(api.program.stderr()).toMatch(/^Requests that did not end within DRAIN_SECONDS and were cut: 1\.$/m);
  });
});
