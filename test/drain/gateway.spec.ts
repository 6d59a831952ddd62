import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRedisEventLog } from '#libs/event-log';
import type { EventLog } from '#libs/event-log';
import { startRedisServer } from '#libs/testing';
import type { RedisServer } from '#libs/testing';
import { connects, numberedTitle } from './numbered-subscribers.js';
import type { NumberedSubscriber } from './numbered-subscribers.js';
import { startProcess } from '../start-process.js';
import type { Process } from '../start-process.js';

/** Of each protocol. */
const connectionsEach = 200;
const delayMs = 1_000;
const drainMs = 4_000;

/** Pause between two events, in milliseconds. */
const eventPauseMs = 100;

/** Within this time an event that the log has is delivered, in milliseconds, on a machine that does other things as well. */
const deliveryMs = 1_000;

const started = new AsyncDisposableStack();
let redis: RedisServer;
beforeAll(async () => {
  redis = started.adopt(await startRedisServer(), (it) => it.stop());
});
afterAll(() => started.disposeAsync());

const startGateway = (env: Readonly<Record<string, string>>): Promise<Process> =>
  startProcess('gateway', { REDIS_URL: redis.url, ...env });

/** Connects in groups: of 600 at once, some would wait for a second try of TCP. */
async function connectAll(port: number): Promise<NumberedSubscriber[]> {
  const all: NumberedSubscriber[] = [];
  for (let done = 0; done < connectionsEach; done += 20) {
    const group = Array.from({ length: 20 }, () => connects.map((open) => open(port))).flat();
    all.push(...(await Promise.all(group)));
  }
  onTestFinished(() => all.forEach((subscriber) => subscriber.stop()));
  return all;
}

/** Appends numbered events until it is stopped. Tells when the log had each. */
function publishNumbers(): { readonly appendedAt: readonly number[]; stop(): Promise<void> } {
  const log: EventLog = createRedisEventLog({ url: redis.url, api: 'boards' });
  const appendedAt: number[] = [];
  let isOver = false;
  const work = (async () => {
    for (let number = 0; !isOver; number += 1) {
      const payload = JSON.stringify({ id: String(number), title: numberedTitle(number), boardId: 'nest' });
      const entry = { kind: 'event', mutation: 'createTask', payload } as const;
      await log.append([{ entry, producer: 'numbers', sequence: number + 1 }]);
      appendedAt.push(performance.now());
      await sleep(eventPauseMs);
    }
  })();
  return {
    appendedAt,
    async stop() {
      isOver = true;
      await work;
      await log.close();
    },
  };
}

describe('a gateway with connections of every protocol that is told to stop', { timeout: 90_000 }, () => {
  it('should be unready, then close them evenly, each behind its last event, and end with status 0', async () => {
    const gateway = await startGateway({ DRAIN_DELAY_MS: String(delayMs), DRAIN_SECONDS: String(drainMs / 1_000) });
    const subscribers = await connectAll(gateway.port);
    const numbers = publishNumbers();
    onTestFinished(() => numbers.stop());
    await expect
      .poll(() => subscribers.every((subscriber) => subscriber.numbers.length > 0), { timeout: 10_000 })
      .toBe(true);

    const toldAt = performance.now();
    gateway.terminate();
    await expect.poll(async () => (await gateway.ask('/readyz')).status, { interval: 10 }).toBe(503);
    expect(performance.now() - toldAt).toBeLessThan(delayMs);
    expect((await gateway.ask('/healthz')).status).toBe(200);
    expect(await gateway.metric('starling_draining')).toBe(1);
    // Load balancers hear of it later: whoever comes meanwhile is let in.
    const late = await Promise.all(connects.map((open) => open(gateway.port)));
    onTestFinished(() => late.forEach((subscriber) => subscriber.stop()));
    expect(performance.now() - toldAt).toBeLessThan(delayMs);
    subscribers.push(...late);

    await sleep(toldAt + delayMs + drainMs / 2 - performance.now());
    await expect(once(connect(gateway.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    const drained = await gateway.metric('starling_gateway_drained_connections_total');
    expect(drained).toBeGreaterThan(subscribers.length / 4);
    expect(drained).toBeLessThan(subscribers.length);

    expect(await gateway.program.ended).toBe(0);
    const endedAfter = performance.now() - toldAt;
    await numbers.stop();
    expect(endedAfter).toBeGreaterThan(delayMs + drainMs * 0.9);
    // And the time for the last clients to answer.
    expect(endedAfter).toBeLessThan(delayMs + drainMs + 2_000 + 1_000);

    const ends = new Map<string, number[]>();
    for (const { protocol, end } of subscribers) {
      const key = `${protocol}: ${end?.how}`;
      ends.set(key, [...(ends.get(key) ?? []), end!.at - toldAt - delayMs]);
    }
    const wanted = ['graphql-transport-ws: 1012 Service restart', 'graphql-ws: 1001 Server going away', 'sse: ended'];
    expect([...ends.keys()].sort()).toEqual(wanted);
    const all = [...ends.values()].flat();
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    // A quarter of them in each quarter of the time, and of each protocol nearly so: their order is random.
    for (const bin of histogram(all)) expect(bin / all.length).toBeCloseTo(0.25, 1);
    for (const times of ends.values())
      for (const bin of histogram(times)) expect(bin / times.length).toBeGreaterThan(0.12);

    for (const { numbers: received, end } of subscribers) {
      const [first] = received as [number];
      expect(received).toEqual(received.map((_, index) => first + index));
      const due = numbers.appendedAt.filter((at) => at < end!.at - deliveryMs).length - 1;
      expect(received.at(-1)).toBeGreaterThanOrEqual(due);
    }
    const records = gateway.records().filter(({ msg }) => /drained|closes those it has/.test(String(msg)));
    expect(records).toMatchObject([
      { level: 30, connections: subscribers.length, overMs: drainMs },
      { level: 30, connections: subscribers.length, closed: subscribers.length, cut: 0 },
    ]);
    expect(gateway.program.stderr()).toBe('');
  });

  it('should close them all at once, without a delay, on SIGINT', async () => {
    const gateway = await startGateway({ DRAIN_DELAY_MS: '30000', DRAIN_SECONDS: '30' });
    const subscribers = await Promise.all(connects.map((open) => open(gateway.port)));
    const toldAt = performance.now();
    expect(await gateway.program.stop('SIGINT')).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(3_000);
    await expect
      .poll(() => subscribers.map(({ end }) => end?.how), { timeout: 5_000 })
      .toEqual(['1001 Server going away', '1012 Service restart', 'ended']);
  });

  it('should end at once, with status 1, on a second signal', async () => {
    const gateway = await startGateway({ DRAIN_DELAY_MS: '30000', DRAIN_SECONDS: '30' });
    gateway.terminate();
    await expect.poll(async () => (await gateway.ask('/readyz')).status, { timeout: 5_000 }).toBe(503);
    // Within a second it would be the same signal, passed on.
    await sleep(1_200);
    const toldAt = performance.now();
    expect(await gateway.program.stop()).toBe(1);
    expect(performance.now() - toldAt).toBeLessThan(1_000);
  });

  it('should drain no longer than there is somebody', async () => {
    const gateway = await startGateway({ DRAIN_DELAY_MS: '100', DRAIN_SECONDS: '30' });
    const toldAt = performance.now();
    expect(await gateway.program.stop()).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(3_000);
  });
});

/** How many in each quarter of the drain; what comes behind it is of the last. */
function histogram(times: readonly number[]): number[] {
  const bins = [0, 0, 0, 0];
  for (const time of times) bins[Math.min(3, Math.floor(time / (drainMs / 4)))]! += 1;
  return bins;
}
