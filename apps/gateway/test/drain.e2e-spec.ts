import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import type { TestClose } from '#libs/testing';
import { openEventStream, refusedEventStream } from './event-stream-client.js';
import { appSync, graphqlTransportWs, protocols } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway, TestGatewayOptions } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';
/** Its resolver asks a data source, so a test can hold it. */
const own = 'subscription { onOwn { id } }';

const goodbyes: Readonly<Record<string, TestClose>> = {
  [appSync.name]: { code: 1001, reason: 'Server going away' },
  [graphqlTransportWs.name]: { code: 1012, reason: 'Service restart' },
};

let gateway: TestGateway;
afterEach(() => gateway.stop());

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  gateway = await startGateway({ api: tasksWithRights, ...options });
}

/** An authenticator's answer that a test can hold back. */
function heldAuthentication() {
  const released = Promise.withResolvers<never>();
  onTestFinished(() => released.promise.catch(() => undefined));
  return { authenticate: () => released.promise, release: () => released.reject(new Error('too late')) };
}

/** Resolves when so many events were given to connections. */
async function delivered(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const [line] = await gateway.metrics('starling_gateway_deliveries_total{result="sent"}');
      expect(line).toMatch(new RegExp(` ${count}$`));
    },
    { timeout: 10_000 },
  );
}

describe.each(protocols)('a gateway that drains, over $name', (protocol) => {
  const goodbye = goodbyes[protocol.name];

  it('should serve a connection until its turn, and close it behind everything that is for it', async () => {
    await start();
    const client = await protocol.connect(gateway, key);
    await client.subscribe('a', query);
    const drained = gateway.drain(600);
    await client.subscribe('b', query);
    for (const id of ['t', 'u']) await gateway.publish('createTask', { id });
    for (const subscription of ['a', 'b'])
      for (const id of ['t', 'u'])
        expect(await client.delivery(subscription)).toEqual({ data: { onTaskCreated: { id } } });
    expect(await client.waitForClose()).toEqual(goodbye);
    expect(await drained).toEqual({ figures: { connections: 1, closed: 1, cut: 0 } });
  });

  it('should deliver what has been matched before it closes', async () => {
    await start();
    const client = await protocol.connect(gateway, key);
    await client.subscribe('a', query);
    const ids = Array.from({ length: 200 }, (_, index) => `t${index}`);
    for (const id of ids) await gateway.publish('createTask', { id });
    await delivered(200);
    await gateway.drain(0);
    expect(await client.waitForClose()).toEqual(goodbye);
    for (const id of ids) expect(await client.delivery('a')).toEqual({ data: { onTaskCreated: { id } } });
  });

  it('should close one whose subscription is starting', async () => {
    await start();
    const held = gateway.hold();
    const client = await protocol.connect(gateway, await gateway.authorization({ username: 'jdoe' }));
    client.start('a', own);
    await held.waitFor(1);
    const drained = gateway.drain(100);
    expect(await client.waitForClose()).toEqual(goodbye);
    held.release(0);
    expect(await drained).toEqual({ figures: { connections: 1, closed: 1, cut: 0 } });
    expect(gateway.subscriptionCount).toBe(0);
  });
});

describe('a gateway that drains', () => {
  const openSockets = async () => [
    await AppSyncClient.connect({ url: gateway.url, authorization: { host: 'localhost', ...key } }),
    await GraphqlTransportWsClient.connect({ url: gateway.url }),
  ];
  const closes = [goodbyes[appSync.name], goodbyes[graphqlTransportWs.name]];

  it('should close connections that have not sent connection_init', async () => {
    await start();
    const clients = await openSockets();
    const drained = gateway.drain(100);
    expect(await Promise.all(clients.map((client) => client.waitForClose()))).toEqual(closes);
    expect(await drained).toEqual({ figures: { connections: 2, closed: 2, cut: 0 } });
  });

  it('should close connections whose credentials are being verified', async () => {
    const held = heldAuthentication();
    await start({ authenticator: held });
    const clients = await openSockets();
    for (const client of clients) client.send({ type: 'connection_init' });
    const drained = gateway.drain(100);
    expect(await Promise.all(clients.map((client) => client.waitForClose()))).toEqual(closes);
    held.release();
    expect(await drained).toEqual({ figures: { connections: 2, closed: 2, cut: 0 } });
  });

  it('should end an event stream whose resolver still ran, in its turn', async () => {
    await start();
    const held = gateway.hold();
    const headers = await gateway.authorization({ username: 'jdoe' });
    const opening = openEventStream({ port: gateway.port, headers, body: { query: own } });
    const neighbour = await openEventStream({ port: gateway.port, headers: key, body: { query } });
    await held.waitFor(1);
    const drained = gateway.drain(1_000);
    held.release(0);
    const stream = await opening;
    expect(await stream.waitForEnd()).toBe('ended');
    expect(stream.events).toEqual([]);
    expect(await neighbour.waitForEnd()).toBe('ended');
    expect(await drained).toMatchObject({ figures: { connections: 1, closed: 2 } });
  });

  it('should refuse handshakes with 503 on a connection that is not kept', async () => {
    await start();
    const client = await appSync.connect(gateway, key);
    const drained = gateway.drain(1_000);
    const socket = connectTcp(gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'GET /graphql/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\n',
    );
    const refusal = await text(socket);
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusal).toMatch(/^connection: close\r$/im);
    expect(refusal).toMatch(/^retry-after: 1\r$/im);
    const stream = await refusedEventStream({ port: gateway.port, headers: key, body: { query } });
    expect(stream).toMatchObject({
      status: 503,
      headers: { connection: 'close', 'retry-after': '1' },
      errors: [
        {
          errorType: 'ServiceUnavailableException',
          message: 'This server stops. Connect again: another one is there.',
        },
      ],
    });
    expect(await gateway.count('handshakeRefusals', 'OVERLOADED')).toBe(2);
    expect(await client.waitForClose()).toEqual(goodbyes[appSync.name]);
    await drained;
  });

  it('should give a slow client what waits for it and the close, when it reads in time', async () => {
    await start({ maxWaitingBytes: 100_000_000 });
    const client = await graphqlTransportWs.connect(gateway, key);
    await client.subscribe('a', 'subscription { onTaskCreated { id title } }');
    client.socket.pause();
    const count = 60;
    for (let n = 0; n < count; n += 1) await gateway.publish('createTask', { id: `t${n}`, title: 'x'.repeat(240_000) });
    await delivered(count);
    const drained = gateway.drain(0);
    client.socket.resume();
    for (let n = 0; n < count; n += 1)
      expect(await client.delivery('a')).toMatchObject({ data: { onTaskCreated: { id: `t${n}` } } });
    expect(await client.waitForClose()).toEqual(goodbyes[graphqlTransportWs.name]);
    expect(await drained).toEqual({ figures: { connections: 1, closed: 1, cut: 0 } });
  });

  it('should cut a client that reads nothing two seconds later', async () => {
    await start({ maxWaitingBytes: 100_000_000 });
    const client = await appSync.connect(gateway, key);
    await client.subscribe('a', 'subscription { onTaskCreated { id title } }');
    client.socket.pause();
    for (let n = 0; n < 60; n += 1) await gateway.publish('createTask', { id: `t${n}`, title: 'x'.repeat(240_000) });
    await delivered(60);
    const before = performance.now();
    expect(await gateway.drain(0)).toEqual({ figures: { connections: 1, closed: 1, cut: 1 } });
    expect(performance.now() - before).toBeGreaterThan(1_900);
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});

describe('the greatest age of a connection', () => {
  it('should end each up to a tenth before it, over every protocol', { timeout: 30_000 }, async () => {
    const maxConnectionAgeMs = 2_000;
    await start({ maxConnectionAgeMs });
    const ages: number[] = [];
    const ends = new Set<string>();
    const follow = async (connect: () => Promise<() => Promise<string>>): Promise<void> => {
      const waitForEnd = await connect();
      const since = performance.now();
      ends.add(await waitForEnd());
      ages.push(performance.now() - since);
    };
    const webSocket = (protocol: (typeof protocols)[number]) => async () => {
      const client = await protocol.connect(gateway, key);
      return async () => {
        const { code, reason } = await client.waitForClose();
        return `${code} ${reason}`;
      };
    };
    const eventStream = async () => {
      const stream = await openEventStream({ port: gateway.port, headers: key, body: { query } });
      return () => stream.waitForEnd();
    };
    const connects = [...protocols.map(webSocket), eventStream];
    await Promise.all(Array.from({ length: 60 }, (_, index) => follow(connects[index % connects.length]!)));
    expect([...ends].sort()).toEqual(['1001 Connection reached its maximum age', 'ended']);
    expect(await gateway.count('closes', 'MAX_AGE')).toBe(60);
    // Counted from the upgrade, a little before the client has its acknowledgement.
    expect(Math.min(...ages)).toBeGreaterThan(maxConnectionAgeMs * 0.7);
    expect(Math.max(...ages)).toBeLessThan(maxConnectionAgeMs + 1_000);
    // By chance alone, 60 are spread over nearly all of the 200 milliseconds.
    expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(100);
  });
});
