import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { AppSyncClient, GraphqlTransportWsClient } from '#libs/testing';
import { protocols } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id title } }';

let gateway: TestGateway;
afterEach(() => gateway.stop());

describe('a client that sends no connection_init', () => {
  it.each([
    ["AppSync's protocol", AppSyncClient, { code: 1008, reason: 'connection_init did not come in time' }],
    ['graphql-transport-ws', GraphqlTransportWsClient, { code: 4408, reason: 'Connection initialisation timeout' }],
  ])('should be closed in time: %s', async (_name, client, close) => {
    gateway = await startGateway({ api: tasksWithRights, connectionInitTimeoutMs: 50 });
    expect(await (await client.connect({ url: gateway.url })).waitForClose()).toEqual(close);
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
  });

  it('should not be closed by that timer once it has sent it', async () => {
    gateway = await startGateway({ api: tasksWithRights, connectionInitTimeoutMs: 50, keepAliveMs: 40 });
    const client = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    await client.init();
    for (let n = 0; n < 3; n += 1) await client.waitForMessage(({ type }) => type === 'ka');
    expect(gateway.connectionCount).toBe(1);
  });
});

describe('keep-alive', () => {
  it("should be sent over and over in AppSync's protocol, and not before the acknowledgement", async () => {
    gateway = await startGateway({ api: tasksWithRights, keepAliveMs: 20 });
    const silent = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    const client = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    await client.init();
    for (let n = 0; n < 3; n += 1) expect(await client.waitForMessage()).toEqual({ type: 'ka' });
    expect(silent.received).toEqual([]);
  });

  it.each(protocols)('should find a client that is gone without a word over $name', async ({ connect }) => {
    gateway = await startGateway({ api: tasksWithRights, keepAliveMs: 250 });
    const gone = await connect(gateway, key);
    const there = await connect(gateway, key);
    for (const client of [gone, there]) await client.subscribe('a', query);
    gone.socket.pause();
    await vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([1, 1]));
    await gateway.publish('createTask', { id: 't', title: 'Paint' });
    expect(await there.delivery('a')).toMatchObject({ data: { onTaskCreated: { id: 't' } } });
  });
});

describe.each(protocols)('a client that does not read, over $name', ({ connect }) => {
  it('should be closed when too much waits for it, at no cost for others', async () => {
    gateway = await startGateway({ api: tasksWithRights });
    const slow = await connect(gateway, key);
    const quick = await connect(gateway, key);
    for (const client of [slow, quick]) await client.subscribe('a', query);
    slow.socket.pause();
    const title = 'x'.repeat(240_000);
    const count = 80;
    for (let n = 0; n < count; n += 1) {
      await gateway.publish('createTask', { id: `t${n}`, title });
      expect(await quick.delivery('a')).toMatchObject({ data: { onTaskCreated: { id: `t${n}` } } });
    }
    slow.socket.resume();
    expect(await slow.waitForClose()).toEqual({ code: 1013, reason: 'Slow consumer' });
    const got = slow.typesOf('a').filter((type) => type === 'data' || type === 'next').length;
    expect(got).toBeGreaterThan(0);
    expect(got).toBeLessThan(count);
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(1));
    expect(await gateway.count('limitRefusals', 'MAX_WAITING_BYTES')).toBe(1);
  });

  it('should get the newest when it reads again, and be told how many it missed, where that is kept', async () => {
    gateway = await startGateway({ api: tasksWithRights, slowConsumerPolicy: 'keep-latest' });
    const slow = await connect(gateway, key);
    const quick = await connect(gateway, key);
    for (const client of [slow, quick]) await client.subscribe('a', query);
    slow.socket.pause();
    const title = 'x'.repeat(240_000);
    const count = 80;
    for (let n = 0; n < count; n += 1) {
      await gateway.publish('createTask', { id: `t${n}`, title });
      await quick.delivery('a');
    }
    slow.socket.resume();
    const got: number[] = [];
    let superseded = 0;
    while (got.at(-1) !== count - 1) {
      const { data, extensions } = await slow.delivery('a');
      got.push(Number((data as { onTaskCreated: { id: string } }).onTaskCreated.id.slice(1)));
      superseded += extensions?.starling?.superseded ?? 0;
    }
    expect(superseded).toBeGreaterThan(0);
    expect(got.length + superseded).toBe(count);
    expect(got).toEqual([...got].sort((a, b) => a - b));
    await gateway.publish('createTask', { id: 'after', title: 'x' });
    expect(await slow.delivery('a')).toEqual({ data: { onTaskCreated: { id: 'after', title: 'x' } } });
  });
});

describe('a process that stops', () => {
  it.each([
    { protocol: protocols[0]!, close: { code: 1001, reason: 'Server going away' } },
    { protocol: protocols[1]!, close: { code: 1012, reason: 'Service restart' } },
  ])('should send its clients to another one: $close.code over $protocol.name', async ({ protocol, close }) => {
    gateway = await startGateway({ api: tasksWithRights });
    const clients = [await protocol.connect(gateway, key), await protocol.connect(gateway, key)];
    for (const client of clients) await client.subscribe('a', query);
    await gateway.stop();
    for (const client of clients) expect(await client.waitForClose()).toEqual(close);
    expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([0, 0]);
  });

  it('should send a client away that has not even said connection_init', async () => {
    gateway = await startGateway({ api: tasksWithRights });
    const client = await AppSyncClient.connect({ url: gateway.url });
    await gateway.stop();
    expect((await client.waitForClose()).code).toBe(1001);
  });

  it('should not wait longer than two seconds for a client that does not answer', async () => {
    gateway = await startGateway({ api: tasksWithRights });
    const client = await AppSyncClient.connect({ url: gateway.url, authorization: key });
    await client.init();
    client.pause();
    const begun = performance.now();
    await gateway.stop();
    expect(performance.now() - begun).toBeLessThan(4_000);
    client.resume();
    await client.waitForClose();
  });
});

describe('compression', () => {
  it('should not be agreed to, whatever a client offers', async () => {
    gateway = await startGateway({ api: tasksWithRights });
    const socket = new WebSocket(gateway.url, ['graphql-ws'], { perMessageDeflate: true });
    await new Promise((resolve) => socket.once('open', resolve));
    expect(socket.extensions).toBe('');
    socket.terminate();
  });
});
