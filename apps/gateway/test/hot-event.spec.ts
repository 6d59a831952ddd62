import { Writable } from 'node:stream';
import { setImmediate as nextImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryEventLog } from '#libs/event-log';
import type { LogEntry } from '#libs/event-log';
import type { ExecutableApi } from '#libs/execution';
import { createLogger, createMetrics } from '#libs/observability';
import { Deliver } from '../src/fanout/deliver.js';
import { EventReader } from '../src/fanout/event-reader.js';
import { Invalidate } from '../src/fanout/invalidate.js';
import { LoopShare } from '../src/fanout/loop-share.js';
import type { PayloadText } from '../src/fanout/payload-text.js';
import { createStickyInvalidations } from '../src/subscription/create-sticky-invalidations.js';
import type { Subscription, SubscriptionSink } from '../src/subscription/subscription.js';
import { SubscriptionRegistry } from '../src/subscription/subscription-registry.js';
import { acceptedSubscription } from './accepted-subscription.js';
import type { Wish } from './accepted-subscription.js';

/** What point L4 of the reliability list asks: one event that matches everybody. */
const subscribers = 100_000;

/** Longest time that pings and health checks may wait for the loop. */
const maxDelayMs = 50;

const api = { definition: { publications: new Map([['createTask', ['onTask']]]) } } as unknown as ExecutableApi;

/** Keeps what came, as short texts. */
class RecordingSink implements SubscriptionSink {
  story = '';
  subscription: Subscription | undefined;

  constructor(private readonly registry: SubscriptionRegistry) {}

  deliver({ text }: PayloadText): void {
    // About what it costs to make a frame.
    this.story += ` ${(JSON.parse(text) as { data: { id: string } }).data.id}`;
  }

  invalidate(): void {
    this.story += ' end';
    this.registry.remove(this.subscription!);
  }

  fail(): void {
    throw new Error('Nothing of this test fails a subscription.');
  }
}

const task = (id: string): LogEntry => ({ kind: 'event', mutation: 'createTask', payload: JSON.stringify({ id }) });
const cut = (username: string): LogEntry => ({
  kind: 'invalidation',
  subscriptionField: 'onTask',
  payload: JSON.stringify({ username }),
});

async function setUp() {
  const log = createMemoryEventLog();
  const metrics = createMetrics();
  const logger = createLogger({ name: 'test', level: 'fatal', destination: new Writable({ write: () => undefined }) });
  const sticky = createStickyInvalidations({ logger, metrics, options: { maxStickyInvalidations: 10 } });
  const registry = new SubscriptionRegistry(sticky);
  const share = new LoopShare();
  const reader = new EventReader(
    log,
    new Deliver({ api }, registry, share, metrics, logger),
    new Invalidate(registry, sticky, share, metrics, logger),
    share,
    { betweenEntries: () => undefined },
    metrics,
    logger,
  );
  await reader.onApplicationBootstrap();
  onTestFinished(async () => {
    await reader.onApplicationShutdown();
    await log.close();
  });
  let sequence = 0;
  return {
    registry,
    reader,
    share,
    append: (...entries: LogEntry[]) =>
      log.append(entries.map((entry) => ({ entry, producer: 'api-1', sequence: (sequence += 1) }))),
    subscribe: (wish: Wish = {}): RecordingSink => {
      const sink = new RecordingSink(registry);
      sink.subscription = registry.add(acceptedSubscription(wish), sink);
      return sink;
    },
  };
}

/**
 * Longest turn of the event loop until the condition holds, in milliseconds of this thread's CPU time: what other processes of
 * the machine take of it is not the fan-out's doing.
 */
async function longestTurn(isOver: () => boolean): Promise<{ longestMs: number; turns: number }> {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longestMs = 0;
  let turns = 0;
  for (let before = cpuMs(); !isOver(); turns += 1) {
    await nextImmediate();
    const now = cpuMs();
    longestMs = Math.max(longestMs, now - before);
    before = now;
  }
  return { longestMs, turns };
}

describe(`one event for ${subscribers} subscriptions`, () => {
  it('should leave the event loop its time, and keep the order of events and invalidations for each', async () => {
    const { registry, share, append, subscribe } = await setUp();
    const sinks = Array.from({ length: subscribers }, (_, index) =>
      subscribe({ username: index % 2 === 0 ? 'jdoe' : 'janed' }),
    );
    const last = sinks.at(-1)!;
    await append(task('t1'), task('t2'), cut('jdoe'), task('t3'));
    const { longestMs, turns } = await longestTurn(() => last.story.endsWith('t3') && !share.isBusy);
    expect(longestMs).toBeLessThan(maxDelayMs);
    expect(turns).toBeGreaterThan(5);
    expect(new Set(sinks.filter((_, index) => index % 2 === 0).map(({ story }) => story))).toEqual(
      new Set([' t1 t2 end']),
    );
    expect(new Set(sinks.filter((_, index) => index % 2 === 1).map(({ story }) => story))).toEqual(
      new Set([' t1 t2 t3']),
    );
    expect(registry.count).toBe(subscribers / 2);
  });

  it('should be for those that were there when it was read, and still are when their turn comes', async () => {
    const { registry, reader, share, append, subscribe } = await setUp();
    const sinks = Array.from({ length: subscribers }, () => subscribe());
    const positions = await append(task('t1'), task('t2'));
    while (!share.isBusy) await nextImmediate();

    // Some have it by now, and the next event waits in the log.
    expect(reader.reading?.position).toEqual(positions[0]);
    const leaving = sinks.filter(({ story }) => story === '');
    expect(leaving.length).toBeGreaterThan(0);
    expect(leaving.length).toBeLessThan(subscribers);
    for (const { subscription } of leaving) registry.remove(subscription!);
    const newcomer = subscribe();
    while (newcomer.story === '' || share.isBusy) await nextImmediate();

    expect(newcomer.story).toBe(' t2');
    expect(new Set(leaving.map(({ story }) => story))).toEqual(new Set(['']));
    const left = new Set(leaving);
    const stayed = sinks.filter((sink) => !left.has(sink));
    expect(new Set(stayed.map(({ story }) => story))).toEqual(new Set([' t1 t2']));
  });
});
