import { createClient } from 'graphql-sse';
import type { Client, ClientOptions, ExecutionResult } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const query = 'subscription { onTaskCreated { id } }';
const onBoard = 'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { id } }';
const own = 'subscription { onOwn { id } }';
const task = (id: string) => ({ data: { onTaskCreated: { id } } });

let gateway: TestGateway;
const clients: { dispose(): void }[] = [];
beforeEach(async () => {
  gateway = await startGateway({ api: tasksWithRights });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  await gateway.stop();
});

type DistinctOptions = ClientOptions<false>;

function client(options: Partial<DistinctOptions> = {}): Client {
  const created = createClient({
    url: () => `http://127.0.0.1:${gateway.port}/graphql/stream`,
    headers: { 'x-api-key': apiKey },
    retry: () => Promise.resolve(),
    ...options,
  });
  clients.push(created);
  return created;
}

/** A subscription of the official client, with what it is told. */
function subscribe(to: Pick<Client<boolean>, 'subscribe'>, text: string, variables?: Record<string, unknown>) {
  const told = {
    results: [] as ExecutionResult<Record<string, unknown>, unknown>[],
    errors: [] as unknown[],
    isComplete: false,
  };
  const unsubscribe = to.subscribe(
    { query: text, variables },
    {
      next: (result) => void told.results.push(result),
      error: (error) => void told.errors.push(error),
      complete: () => void (told.isComplete = true),
    },
  );
  return { told, unsubscribe };
}

const subscribed = (count: number) =>
  vi.waitFor(() => expect([gateway.subscriptionCount, gateway.connectionCount]).toEqual([count, count]), {
    timeout: 5_000,
  });

describe('the client of the graphql-sse library', () => {
  it('should be delivered what its filter lets through, until it unsubscribes', async () => {
    const one = client();
    const nest = subscribe(one, onBoard, { boardId: 'nest' });
    const all = subscribe(one, query);
    await subscribed(2);
    await gateway.publish('createTask', { id: 't1', boardId: 'flock' });
    await gateway.publish('createTask', { id: 't2', boardId: 'nest' });
    await vi.waitFor(() => expect(all.told.results).toEqual([task('t1'), task('t2')]));
    await vi.waitFor(() => expect(nest.told.results).toEqual([task('t2')]));
    nest.unsubscribe();
    await subscribed(1);
    expect(all.told).toMatchObject({ errors: [], isComplete: false });
  });

  it('should know that its subscription is live when it is connected', async () => {
    const connected = vi.fn(() => void gateway.publish('createTask', { id: 'right after' }));
    const { told } = subscribe(client({ on: { connected } }), query);
    await vi.waitFor(() => expect(told.results).toEqual([task('right after')]), { timeout: 5_000 });
  });

  it('should be told every member of an error, and not try again', async () => {
    const connecting = vi.fn();
    const { told } = subscribe(client({ on: { connecting } }), own);
    await vi.waitFor(() => expect(told.isComplete).toBe(true), { timeout: 5_000 });
    expect(told.results).toEqual([
      {
        data: { onOwn: null },
        errors: [
          {
            message: 'Not Authorized to access onOwn on type Subscription',
            errorType: 'Unauthorized',
            errorInfo: null,
            data: null,
            path: ['onOwn'],
            locations: [{ line: 1, column: 16, sourceName: null }],
          },
        ],
      },
    ]);
    expect(told.errors).toEqual([]);
    expect(connecting).toHaveBeenCalledOnce();
  });

  it('should be told that its credentials were refused', async () => {
    const { told } = subscribe(client({ headers: { 'x-api-key': 'da2-wrong' }, retryAttempts: 0 }), query);
    await vi.waitFor(() => expect(told.errors).toHaveLength(1), { timeout: 5_000 });
    const [{ response }] = told.errors as [{ response: Response }];
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      errors: [{ errorType: 'UnauthorizedException', message: 'You are not authorized to make this call.' }],
    });
  });

  it('should see an invalidated subscription complete, and not subscribe again', async () => {
    const connecting = vi.fn();
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    const jdoe = client({ headers: { Authorization }, on: { connecting } });
    const first = subscribe(jdoe, own);
    const second = subscribe(jdoe, query);
    await subscribed(2);
    await gateway.publish('createTask', { id: 'before' });
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    await gateway.publish('createTask', { id: 'after' });
    await vi.waitFor(() => expect(first.told.isComplete).toBe(true), { timeout: 5_000 });
    expect(first.told).toMatchObject({ results: [{ data: { onOwn: { id: 'before' } } }], errors: [] });
    await vi.waitFor(() => expect(second.told.results).toEqual([task('before'), task('after')]));
    await subscribed(1);
    expect(connecting).toHaveBeenCalledTimes(2);
    expect(await gateway.count('closes', 'INVALIDATED')).toBe(1);
  });

  it('should not come back while a sticky invalidation lasts', async () => {
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    const jdoe = client({ headers: { Authorization } });
    const payload = JSON.stringify({ username: 'jdoe' });
    await gateway.append({ kind: 'invalidation', subscriptionField: 'onOwn', payload, stickySeconds: 300 });
    const { told } = subscribe(jdoe, own);
    await vi.waitFor(() => expect(told.isComplete).toBe(true), { timeout: 5_000 });
    expect(told.results).toMatchObject([{ errors: [{ errorType: 'SubscriptionInvalidated', errorCode: 410 }] }]);
    await subscribed(0);
  });

  it('should subscribe again by itself when the process it was connected to stops', async () => {
    const restarted = Promise.withResolvers<void>();
    const { told } = subscribe(client({ retry: () => restarted.promise }), query);
    await subscribed(1);
    const { port } = gateway;
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights, port });
    restarted.resolve();
    await subscribed(1);
    await gateway.publish('createTask', { id: 'after' });
    await vi.waitFor(() => expect(told.results).toEqual([task('after')]));
    expect(told.errors).toEqual([]);
  });

  it('should come back by itself when its connection has reached its age', async () => {
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights, maxConnectionAgeMs: 300 });
    const connecting = vi.fn();
    const { told } = subscribe(client({ on: { connecting } }), query);
    await vi.waitFor(() => expect(connecting.mock.calls.length).toBeGreaterThanOrEqual(3), { timeout: 5_000 });
    await subscribed(1);
    await gateway.publish('createTask', { id: 'after' });
    await vi.waitFor(() => expect(told.results).toContainEqual(task('after')));
    expect(told).toMatchObject({ errors: [], isComplete: false });
  });

  it('should come back by itself with a fresh token when the one in use has ended', async () => {
    const headers = vi.fn(() =>
      gateway.authorization({ username: 'jdoe', expiresInS: headers.mock.calls.length === 1 ? 2 : 600 }),
    );
    const { told } = subscribe(client({ headers }), query);
    await vi.waitFor(() => expect(headers).toHaveBeenCalledTimes(2), { timeout: 5_000 });
    await subscribed(1);
    await gateway.publish('createTask', { id: 't' });
    await vi.waitFor(() => expect(told.results).toEqual([task('t')]));
    expect(told.errors).toEqual([]);
    expect(await gateway.count('closes', 'TOKEN_EXPIRED')).toBe(1);
  });

  it('should be refused when it wants one connection for all its subscriptions', async () => {
    const single = createClient({
      singleConnection: true,
      url: `http://127.0.0.1:${gateway.port}/graphql/stream`,
      headers: { 'x-api-key': apiKey },
      retryAttempts: 0,
    });
    clients.push(single);
    const { told } = subscribe(single, query);
    await vi.waitFor(() => expect(told.errors).toHaveLength(1), { timeout: 5_000 });
    const [{ response }] = told.errors as [{ response: Response }];
    expect(response.status).toBe(405);
  });
});
