import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createClient } from 'graphql-sse';
import { Agent, EventSource } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRedisEventLog } from '#libs/event-log';
import { startRedisServer } from '#libs/testing';
import type { RedisServer } from '#libs/testing';
import { apiKey, startProcess } from '../start-process.js';
import type { Process } from '../start-process.js';

const started = new AsyncDisposableStack();
let redis: RedisServer;
beforeAll(async () => {
  redis = started.adopt(await startRedisServer(), (it) => it.stop());
});
afterAll(() => started.disposeAsync());

const query = 'subscription { onTaskCreated { title } }';

/** Sends TCP connections to the first of the gateways that says it is ready, as a Service of Kubernetes does: asked now and then. */
async function startFront(gateways: readonly Process[]): Promise<number> {
  let ready = gateways[0]!;
  const look = setInterval(() => {
    void Promise.all(gateways.map((gateway) => gateway.ask('/readyz').catch(() => undefined))).then((answers) => {
      ready = gateways.find((_, index) => answers[index]?.status === 200) ?? ready;
    });
  }, 50);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const gateway = connect(ready.port, '127.0.0.1');
    for (const [from, to] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => (sockets.delete(from), to.end()));
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    clearInterval(look);
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Two gateways, of which clients are sent to the first; and events for them. */
async function setUp() {
  const env = { REDIS_URL: redis.url, DRAIN_DELAY_MS: '400', DRAIN_SECONDS: '1' };
  const gateways = [await startProcess('gateway', env), await startProcess('gateway', env)] as const;
  const port = await startFront(gateways);
  const log = createRedisEventLog({ url: redis.url, api: 'boards' });
  onTestFinished(() => log.close());
  let sequence = 0;
  const producer = `of ${port}`;
  const publish = async (title: string): Promise<void> => {
    const payload = JSON.stringify({ id: title, title, boardId: 'nest' });
    const entry = { kind: 'event', mutation: 'createTask', payload } as const;
    await log.append([{ entry, producer, sequence: (sequence += 1) }]);
  };
  return { gateways, publish, url: `http://127.0.0.1:${port}/graphql/stream` };
}

type Scene = Awaited<ReturnType<typeof setUp>>;

/** Drains the first gateway and sees the client back at the second; `titles` grows with what the client is told. */
async function expectReturn({ gateways, publish }: Scene, titles: readonly string[]): Promise<void> {
  const [first, second] = gateways;
  const streams = (gateway: Process) => gateway.metric('starling_gateway_connections{protocol="sse"}');
  await expect.poll(() => streams(first), { timeout: 5_000 }).toBe(1);
  await publish('before');
  await expect.poll(() => titles, { timeout: 5_000 }).toEqual(['before']);
  expect(await first.program.stop()).toBe(0);
  // EventSource waits as long as `retry` said: 5 seconds at most.
  await expect.poll(() => streams(second), { timeout: 10_000 }).toBe(1);
  await publish('after');
  await expect.poll(() => titles, { timeout: 5_000 }).toEqual(['before', 'after']);
}

describe('a client of event streams whose gateway drains', { timeout: 60_000 }, () => {
  it('should come back to another one, with graphql-sse', async () => {
    const scene = await setUp();
    const client = createClient({ url: scene.url, headers: { 'x-api-key': apiKey } });
    onTestFinished(() => client.dispose());
    const titles: string[] = [];
    const ends: unknown[] = [];
    client.subscribe<{ onTaskCreated: { title: string } }>(
      { query },
      {
        next: ({ data }) => titles.push(data!.onTaskCreated.title),
        error: (error) => ends.push(error),
        complete: () => ends.push('complete'),
      },
    );
    await expectReturn(scene, titles);
    expect(ends).toEqual([]);
  });

  it('should come back to another one, with EventSource', async () => {
    const scene = await setUp();
    // In browsers it can send no headers; a proxy that adds the credentials would look so to the gateway.
    const agent = new Agent();
    const dispatcher = agent.compose((dispatch) => (options, handler) => {
      const headers = { ...(options.headers as Record<string, string>), 'x-api-key': apiKey };
      return dispatch({ ...options, headers }, handler);
    });
    onTestFinished(() => agent.destroy());
    const source = new EventSource(`${scene.url}?query=${encodeURIComponent(query)}`, { node: { dispatcher } });
    onTestFinished(() => source.close());
    const titles: string[] = [];
    source.addEventListener('next', (event) => {
      const result = JSON.parse((event as unknown as { data: string }).data) as {
        data: { onTaskCreated: { title: string } };
      };
      titles.push(result.data.onTaskCreated.title);
    });
    await expectReturn(scene, titles);
    expect(source.readyState).toBe(EventSource.OPEN);
  });
});
