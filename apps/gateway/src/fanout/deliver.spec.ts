import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Mock } from 'vitest';
import type { ExecutableApi } from '#libs/execution';
import { argumentFilter } from '#libs/filter';
import { createLogger } from '#libs/observability';
import type { Subscription } from '../subscription/subscription.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { Deliver } from './deliver.js';
import type { Projection } from './projection.js';

const api = {
  definition: { publications: new Map([['createTask', ['onTaskCreated', 'onTask']]]) },
} as unknown as ExecutableApi;

function setUp() {
  const subscriptions = new SubscriptionRegistry({ refuse: () => undefined });
  const logged: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) });
  const deliver = new Deliver(api, subscriptions, createLogger({ name: 'test', level: 'info', destination }));
  const publish = (payload: unknown, mutation = 'createTask') =>
    deliver.deliver({ kind: 'event', mutation, payload: JSON.stringify(payload) });
  return { subscriptions, logged, publish };
}

function projection(): { readonly project: Mock<Projection['project']> } {
  return { project: vi.fn((payload: unknown) => JSON.stringify({ data: payload })) };
}

function subscribe(
  subscriptions: SubscriptionRegistry,
  shared: Projection,
  given: { readonly boardId?: string; readonly field?: string; readonly deliver?: (result: string) => void } = {},
): string[] {
  const delivered: string[] = [];
  const subscription: Subscription = {
    field: given.field ?? 'onTaskCreated',
    filter: argumentFilter(given.boardId === undefined ? {} : { boardId: given.boardId }),
    invalidationFilter: null,
    projection: shared,
    fieldPolicies: new Map(),
    sink: { deliver: given.deliver ?? ((result) => delivered.push(result)), invalidate: () => undefined },
  };
  subscriptions.add(subscription);
  return delivered;
}

const task = { id: 't1', boardId: 'b1' };
const result = JSON.stringify({ data: task });

describe('delivering an event', () => {
  it('should reach the subscriptions of every field that names the mutation, and whose filter holds', () => {
    const { subscriptions, publish } = setUp();
    const shared = projection();
    const [all, same, other, otherField] = [
      subscribe(subscriptions, shared),
      subscribe(subscriptions, shared, { boardId: 'b1' }),
      subscribe(subscriptions, shared, { boardId: 'b2' }),
      subscribe(subscriptions, shared, { field: 'onTask' }),
    ];
    publish(task);
    expect([all, same, other, otherField]).toEqual([[result], [result], [], [result]]);
  });

  it('should project once for each distinct selection, and only for a subscription that matches', () => {
    const { subscriptions, publish } = setUp();
    const [shared, lonely, unmatched] = [projection(), projection(), projection()];
    for (let n = 0; n < 10; n += 1) subscribe(subscriptions, shared);
    subscribe(subscriptions, lonely);
    subscribe(subscriptions, unmatched, { boardId: 'b2' });
    publish(task);
    expect(shared.project).toHaveBeenCalledTimes(1);
    expect(lonely.project).toHaveBeenCalledTimes(1);
    expect(unmatched.project).not.toHaveBeenCalled();
  });

  it('should project again for the next event', () => {
    const { subscriptions, publish } = setUp();
    const shared = projection();
    const delivered = subscribe(subscriptions, shared);
    publish(task);
    publish({ ...task, id: 't2' });
    expect(delivered).toEqual([result, JSON.stringify({ data: { ...task, id: 't2' } })]);
  });

  it('should not stop at a subscription that fails, and log the failure', () => {
    const { subscriptions, publish, logged } = setUp();
    const shared = projection();
    const before = subscribe(subscriptions, shared);
    subscribe(subscriptions, shared, {
      deliver: () => {
        throw new Error('a socket that should not have thrown');
      },
    });
    subscribe(subscriptions, {
      project: () => {
        throw new Error('a projection that should not have thrown');
      },
    });
    const after = subscribe(subscriptions, shared);
    publish(task);
    expect([before, after]).toEqual([[result], [result]]);
    expect(logged.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message)).toEqual([
      'a socket that should not have thrown',
      'a projection that should not have thrown',
    ]);
  });

  it.each([
    ['nobody subscribes', 'createTask'],
    ['no subscription field names the mutation', 'deleteTask'],
  ])('should not parse the payload when %s', (_name, mutation) => {
    const { publish } = setUp();
    const parse = vi.spyOn(JSON, 'parse');
    publish(task, mutation);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('should parse the payload once, however many subscribe', () => {
    const { subscriptions, publish } = setUp();
    const shared = projection();
    for (const field of ['onTaskCreated', 'onTask']) subscribe(subscriptions, shared, { field });
    const parse = vi.spyOn(JSON, 'parse');
    publish(task);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });
});
