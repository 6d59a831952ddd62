import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEventStream } from './event-stream-client.js';
import type { RawEventStream, StreamRequest } from './event-stream-client.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway, TestGatewayOptions } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';
const complete = 'event: complete\ndata:';

let gateway: TestGateway;
const opened: RawEventStream[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stream of opened.splice(0)) stream.close();
  await gateway.stop();
});

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  gateway = await startGateway({ api: tasksWithRights, ...options });
}

async function open(wanted: Partial<StreamRequest> = {}): Promise<RawEventStream> {
  const stream = await openEventStream({ port: gateway.port, headers: key, body: { query }, ...wanted });
  opened.push(stream);
  return stream;
}

const left = (count: number): Promise<void> =>
  vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([count, count]), {
    timeout: 5_000,
    interval: 2,
  });

/** So much passes for the gateway's times, and for nothing else. */
function fakeTime(): (seconds: number) => void {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
  return (seconds) => void vi.advanceTimersByTime(seconds * 1_000 + 50);
}

describe('an event stream without events', () => {
  it('should be kept alive by comments', async () => {
    await start({ keepAliveMs: 60 });
    const stream = await open();
    expect((await stream.waitForEvents(3)).slice(0, 3)).toEqual([':', ':', ':']);
  });
});

describe('credentials that end while a stream is open', () => {
  const policy = (sse: 'keep' | 'close' | 'end') => ({
    onTokenExpiry: { appSync: 'keep', graphqlTransportWs: 'keep', sse } as const,
    keepAliveMs: 3_600_000,
  });
  const openFor = async (expiresInS: number): Promise<RawEventStream> => {
    const { Authorization } = await gateway.authorization({ username: 'jdoe', expiresInS });
    return open({ headers: { Authorization } });
  };

  it('should end nothing with keep', async () => {
    const pass = fakeTime();
    await start(policy('keep'));
    const stream = await openFor(60);
    pass(60);
    await gateway.publish('createTask', { id: 't' });
    expect(await stream.waitForEvents(1)).toEqual(['event: next\ndata: {"data":{"onTaskCreated":{"id":"t"}}}']);
  });

  it('should end the connection with close, without a word that would end the subscription', async () => {
    const pass = fakeTime();
    await start(policy('close'));
    const stream = await openFor(60);
    pass(58);
    await gateway.publish('createTask', { id: 't' });
    await stream.waitForEvents(1);
    pass(2);
    expect(await stream.waitForEnd()).toBe('ended');
    expect(stream.events).toHaveLength(1);
    await left(0);
    expect(await gateway.count('closes', 'TOKEN_EXPIRED')).toBe(1);
  });

  it('should end the subscription with end, and say why', async () => {
    const pass = fakeTime();
    await start(policy('end'));
    const stream = await openFor(60);
    pass(60);
    expect(await stream.waitForEnd()).toBe('ended');
    const errors = [{ errorType: 'UnauthorizedException', message: 'Token has expired.', errorCode: 401 }];
    expect(stream.events).toEqual([`event: next\ndata: ${JSON.stringify({ errors })}`, complete]);
    await left(0);
  });
});

describe('a process that stops', () => {
  it('should end streams and their connections, so that clients come back to another one', async () => {
    await start();
    const streams = [await open(), await open()];
    await gateway.publish('createTask', { id: 't' });
    for (const stream of streams) await stream.waitForEvents(1);
    const closed = streams.map(({ response }) => new Promise((resolve) => response.socket.once('close', resolve)));
    await gateway.stop();
    for (const stream of streams) {
      expect(await stream.waitForEnd()).toBe('ended');
      expect(stream.events).toEqual(['event: next\ndata: {"data":{"onTaskCreated":{"id":"t"}}}']);
    }
    await Promise.all(closed);
    expect(await gateway.count('closes', 'GOING_AWAY')).toBe(2);
  });

  it('should not wait long for one that reads nothing', async () => {
    await start({ maxWaitingBytes: 100_000_000 });
    const stream = await open({ body: { query: 'subscription { onTaskCreated { id title } }' } });
    stream.response.pause();
    stream.response.socket.pause();
    for (let n = 0; n < 40; n += 1) await gateway.publish('createTask', { id: `t${n}`, title: 'x'.repeat(240_000) });
    const before = performance.now();
    await gateway.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('a client that does not read', () => {
  const body = { query: 'subscription { onTaskCreated { id title } }' };
  const title = 'x'.repeat(240_000);
  const count = 80;

  async function publishPast(slow: RawEventStream, quick: RawEventStream): Promise<void> {
    slow.response.socket.pause();
    for (let n = 0; n < count; n += 1) {
      await gateway.publish('createTask', { id: `t${n}`, title });
      await vi.waitFor(() => expect(quick.received).toContain(`"t${n}"`), { timeout: 5_000, interval: 1 });
    }
  }

  it('should be cut when too much waits for it, at no cost for others', async () => {
    await start();
    const slow = await open({ body });
    const quick = await open({ body });
    await publishPast(slow, quick);
    await left(1);
    slow.response.socket.resume();
    expect(await slow.waitForEnd()).toBe('cut');
    expect(slow.received).not.toContain(complete);
    expect(slow.received).not.toContain(`"t${count - 1}"`);
    expect(await gateway.count('closes', 'SLOW_CONSUMER')).toBe(1);
    expect(await gateway.count('limitRefusals', 'MAX_WAITING_BYTES')).toBe(1);
  });

  it('should get the newest when it reads again, and be told how many it missed, where that is kept', async () => {
    await start({ slowConsumerPolicy: 'keep-latest' });
    const slow = await open({ body });
    const quick = await open({ body });
    await publishPast(slow, quick);
    slow.response.socket.resume();
    await vi.waitFor(() => expect(slow.received).toContain(`"t${count - 1}"`), { timeout: 5_000 });
    await gateway.publish('createTask', { id: 'after', title: 'x' });
    await vi.waitFor(() => expect(slow.received).toContain('"after"'), { timeout: 5_000 });
    const results = slow.events.map(
      (event) =>
        JSON.parse(event.slice('event: next\ndata: '.length)) as {
          data: { onTaskCreated: { id: string } };
          extensions?: { starling: { superseded: number } };
        },
    );
    const missed = results.reduce((sum, { extensions }) => sum + (extensions?.starling.superseded ?? 0), 0);
    expect(missed).toBeGreaterThan(0);
    expect(results.length + missed).toBe(count + 1);
    expect(results.at(-1)).toEqual({ data: { onTaskCreated: { id: 'after', title: 'x' } } });
  });
});
