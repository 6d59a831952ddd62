import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { ExecutableApi } from '#libs/execution';
import { createLogger, createMetrics } from '#libs/observability';
import { acceptedSubscription, wholePayload } from '../../test/accepted-subscription.js';
import type { Wish } from '../../test/accepted-subscription.js';
import type { SubscriptionSink } from '../subscription/subscription.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { Deliver } from './deliver.js';
import { LoopShare } from './loop-share.js';

const api = {
  definition: { publications: new Map([['createTask', ['onTaskCreated', 'onTask']]]) },
} as unknown as ExecutableApi;

function setUp() {
  const subscriptions = new SubscriptionRegistry({ refuse: () => undefined });
  const logged: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) });
  const metrics = createMetrics();
  const logger = createLogger({ name: 'test', level: 'info', destination });
  const deliver = new Deliver({ api }, subscriptions, new LoopShare(), metrics, logger);
  return {
    logged,
    metrics,
    publish: (payload: unknown, mutation = 'createTask') =>
      deliver.deliver({ kind: 'event', mutation, payload: JSON.stringify(payload) }, Date.now()),
    /** The texts that it gets. */
    subscribe: (wish: Wish = {}, sink: Partial<SubscriptionSink> = {}): string[] => {
      const delivered: string[] = [];
      subscriptions.add(acceptedSubscription({ field: 'onTaskCreated', ...wish }), {
        deliver: ({ text }) => delivered.push(text),
        invalidate: () => undefined,
        fail: () => undefined,
        ...sink,
      });
      return delivered;
    },
  };
}

const task = { id: 't1', boardId: 'b1' };
const result = JSON.stringify({ data: task });

describe('delivering an event', () => {
  it('should reach the subscriptions of every field that names the mutation, and whose filter holds', async () => {
    const { subscribe, publish } = setUp();
    const got = [
      subscribe(),
      subscribe({ boardId: 'b1' }),
      subscribe({ boardId: 'b2' }),
      subscribe({ field: 'onTask' }),
      subscribe({ field: 'onTaskClosed' }),
    ];
    await publish(task);
    expect(got).toEqual([[result], [result], [], [result], []]);
  });

  it('should make the text once for each delivery group, and only for one that has a match', async () => {
    const { subscribe, publish } = setUp();
    const projects = ['shared', 'lonely', 'unmatched'].map(() => vi.fn((payload: unknown) => JSON.stringify(payload)));
    const [shared, lonely, unmatched] = projects.map((project, index) => wholePayload(`group ${index}`, project));
    for (let n = 0; n < 5; n += 1) {
      subscribe({ projection: shared! });
      subscribe({ projection: lonely!, boardId: n === 0 ? 'b1' : 'b2' });
    }
    subscribe({ projection: unmatched!, boardId: 'b2' });
    await publish(task);
    expect(projects.map((project) => project.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('should give all of a group one text, with its bytes', async () => {
    const { subscribe, publish } = setUp();
    const given: unknown[] = [];
    for (let n = 0; n < 2; n += 1) subscribe({}, { deliver: (payload) => given.push(payload) });
    await publish({ title: 'Dächer 🐦' });
    const text = '{"data":{"title":"Dächer 🐦"}}';
    expect(given[0]).toEqual({
      text,
      latin1: Buffer.from(text).toString('latin1'),
      byteLength: Buffer.byteLength(text),
    });
    expect(given[1]).toBe(given[0]);
  });

  it('should make the text again for the next event', async () => {
    const { subscribe, publish } = setUp();
    const delivered = subscribe();
    await publish(task);
    await publish({ ...task, id: 't2' });
    expect(delivered).toEqual([result, JSON.stringify({ data: { ...task, id: 't2' } })]);
  });

  it('should not stop at a subscription that fails, and log and count the failures', async () => {
    const { subscribe, publish, logged, metrics } = setUp();
    const before = subscribe();
    const deliver = () => {
      throw new Error('a socket that should not have thrown');
    };
    const project = () => {
      throw new Error('a projection that should not have thrown');
    };
    subscribe({}, { deliver });
    for (let n = 0; n < 3; n += 1) subscribe({ projection: wholePayload('broken', project) });
    const after = subscribe();
    await publish(task);
    expect([before, after]).toEqual([[result], [result]]);
    // Once for a group: there may be very many subscriptions of it.
    expect(logged.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message)).toEqual([
      'a socket that should not have thrown',
      'a projection that should not have thrown',
    ]);
    expect(metrics.fanout).toMatchObject({ matches: 6, deliveries: 2, failedDeliveries: 4 });
  });

  it('should count what it does, and time an event once', async () => {
    const { subscribe, publish, metrics } = setUp();
    for (let n = 0; n < 3; n += 1) subscribe();
    await publish(task);
    await publish(task, 'deleteTask');
    expect(metrics.fanout).toMatchObject({
      events: 2,
      matches: 3,
      projections: 1,
      deliveries: 3,
      deliveredBytes: 3 * result.length,
    });
    const { values } = await metrics.deliveryLatency.get();
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(1);
  });

  it.each([
    ['nobody subscribes', 'createTask'],
    ['no subscription field names the mutation', 'deleteTask'],
  ])('should not parse the payload when %s', async (_name, mutation) => {
    const { publish } = setUp();
    const parse = vi.spyOn(JSON, 'parse');
    await publish(task, mutation);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('should parse the payload once, however many subscribe', async () => {
    const { subscribe, publish } = setUp();
    for (const field of ['onTaskCreated', 'onTask']) subscribe({ field });
    const parse = vi.spyOn(JSON, 'parse');
    await publish(task);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });
});
