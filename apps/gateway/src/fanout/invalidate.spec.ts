import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { InvalidationEntry } from '#libs/event-log';
import { createLogger, createMetrics } from '#libs/observability';
import { acceptedSubscription } from '../../test/accepted-subscription.js';
import { createStickyInvalidations } from '../subscription/create-sticky-invalidations.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { Invalidate } from './invalidate.js';
import { LoopShare } from './loop-share.js';

function setUp({ maxStickyInvalidations = 100 } = {}) {
  const records: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (chunk, _encoding, done) => done(void records.push(JSON.parse(String(chunk)) as never)),
  });
  const logger = createLogger({ name: 'gateway', level: 'debug', destination });
  const metrics = createMetrics();
  const sticky = createStickyInvalidations({ logger, metrics, options: { maxStickyInvalidations } });
  const subscriptions = new SubscriptionRegistry(sticky);
  const ended: string[] = [];
  const subscribe = (username: string, field = 'onTask'): void => {
    const subscription = subscriptions.add(acceptedSubscription({ field, username }), {
      deliver: () => undefined,
      fail: () => undefined,
      invalidate() {
        ended.push(username);
        subscriptions.remove(subscription);
      },
    });
  };
  return {
    records,
    metrics,
    subscriptions,
    ended,
    subscribe,
    invalidate: new Invalidate(subscriptions, sticky, new LoopShare(), metrics, logger),
    valueOf: async (name: 'invalidatedSubscriptions' | 'stickyRefusals') =>
      (await metrics[name].get()).values[0]?.value,
  };
}

const cut = (username: string, stickySeconds?: number): InvalidationEntry => ({
  kind: 'invalidation',
  subscriptionField: 'onTask',
  payload: JSON.stringify({ username }),
  requestId: 'request-1',
  ...(stickySeconds === undefined ? {} : { stickySeconds }),
});

describe('an invalidation that is applied', () => {
  it('should be recorded and counted with the number that it ended, and without its payload', async () => {
    const { invalidate, records, subscribe, valueOf } = setUp();
    for (const username of ['jdoe', 'jdoe', 'janed']) subscribe(username);
    await invalidate.invalidate(cut('jdoe'), Date.now());
    await invalidate.invalidate(cut('nobody'), Date.now());
    const record = {
      audit: true,
      action: 'invalidateSubscriptions',
      requestId: 'request-1',
      subscriptionField: 'onTask',
    };
    expect(records).toMatchObject([
      { ...record, level: 30, sticky: null, ended: 2 },
      { ...record, ended: 0 },
    ]);
    expect(JSON.stringify(records)).not.toContain('jdoe');
    expect(await valueOf('invalidatedSubscriptions')).toBe(2);
  });

  it('should be recorded for one that an older api has written, which names no request', async () => {
    const { invalidate, records } = setUp();
    await invalidate.invalidate({ kind: 'invalidation', subscriptionField: 'onTask', payload: '{}' }, Date.now());
    expect(records).toMatchObject([{ requestId: null, ended: 0 }]);
  });

  it('should let those that it ended come back when it is not sticky', async () => {
    const { invalidate, subscribe, subscriptions } = setUp();
    subscribe('jdoe');
    await invalidate.invalidate(cut('jdoe'), Date.now());
    subscribe('jdoe');
    expect(subscriptions.count).toBe(1);
  });
});

describe('an invalidation that is sticky', () => {
  it('should end who is there, and refuse and count who comes', async () => {
    const { ended, invalidate, records, subscribe, subscriptions, valueOf } = setUp();
    subscribe('jdoe');
    await invalidate.invalidate(cut('jdoe', 300), Date.now());
    expect(ended).toEqual(['jdoe']);
    expect(() => subscribe('jdoe')).toThrow('Subscription invalidated; it is refused for the next 300 s.');
    expect(subscriptions.count).toBe(0);
    subscribe('janed');
    expect(subscriptions.count).toBe(1);
    expect(await valueOf('stickyRefusals')).toBe(1);
    expect(records).toMatchObject([
      { sticky: 300, ended: 1 },
      { level: 20, field: 'onTask', requestId: 'request-1' },
    ]);
  });

  it('should last from when the log took it, not from when it is read', async () => {
    const { invalidate, subscribe } = setUp();
    await invalidate.invalidate(cut('jdoe', 300), Date.now() - 290_000);
    expect(() => subscribe('jdoe')).toThrow(/next (10|9) s/);
    await invalidate.invalidate(cut('janed', 300), Date.now() - 300_000);
    expect(() => subscribe('janed')).not.toThrow();
  });

  it('should be restored without a record when it ends nobody', async () => {
    const { invalidate, records, subscribe } = setUp();
    await invalidate.restore({ entry: cut('jdoe'), endsAtMs: Date.now() + 60_000 });
    expect(records).toEqual([]);
    expect(() => subscribe('jdoe')).toThrow('Subscription invalidated');
  });

  it('should end whom it finds when it is restored after a gap, unless it is over', async () => {
    const { ended, invalidate, records, subscribe } = setUp();
    for (const username of ['jdoe', 'janed']) subscribe(username);
    await invalidate.restore({ entry: cut('jdoe'), endsAtMs: Date.now() + 60_000 });
    await invalidate.restore({ entry: cut('janed'), endsAtMs: Date.now() - 1 });
    expect(ended).toEqual(['jdoe']);
    expect(records).toMatchObject([{ audit: true, requestId: 'request-1', ended: 1 }]);
  });

  it('should be counted and logged when there are more than are kept', async () => {
    const { invalidate, metrics, records } = setUp({ maxStickyInvalidations: 1 });
    for (const username of ['jdoe', 'janed', 'third']) await invalidate.invalidate(cut(username, 300), Date.now());
    const { values } = await metrics.limitRefusals.get();
    expect(values).toMatchObject([{ labels: { limit: 'MAX_STICKY_INVALIDATIONS' }, value: 2 }]);
    expect(records.filter(({ level }) => level === 40)).toMatchObject([
      { error: 'More than 1 would last (MAX_STICKY_INVALIDATIONS); those over soonest go first.' },
    ]);
  });
});
