import { createClient } from 'graphql-ws';
import type { Client, ClientOptions, FormattedExecutionResult } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const query = 'subscription { onTaskCreated { id } }';
const own = 'subscription { onOwn { id } }';

let gateway: TestGateway;
const clients: Client[] = [];
beforeEach(async () => {
  gateway = await startGateway({ api: tasksWithRights });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await gateway.stop();
});

function client(connectionParams: ClientOptions['connectionParams'], options: Partial<ClientOptions> = {}): Client {
  const created = createClient({ url: gateway.url, webSocketImpl: WebSocket, connectionParams, ...options });
  clients.push(created);
  return created;
}

/** A subscription of the official client, with what it is told. */
function subscribe(to: Client, text: string) {
  const results: FormattedExecutionResult<Record<string, unknown>, unknown>[] = [];
  const errors: unknown[] = [];
  let isComplete = false;
  const unsubscribe = to.subscribe(
    { query: text },
    {
      next: (result) => void results.push(result),
      error: (error) => void errors.push(error),
      complete: () => (isComplete = true),
    },
  );
  return {
    results,
    errors,
    unsubscribe,
    get isComplete() {
      return isComplete;
    },
  };
}

const subscribed = (count: number) =>
  vi.waitFor(() => expect(gateway.subscriptionCount).toBe(count), { timeout: 5_000 });

describe('the client of the graphql-ws library', () => {
  it('should be delivered events until it unsubscribes', async () => {
    const { results, unsubscribe } = subscribe(client({ 'x-api-key': apiKey }), query);
    await subscribed(1);
    for (const id of ['t1', 't2']) await gateway.publish('createTask', { id });
    await vi.waitFor(() => expect(results).toHaveLength(2));
    expect(results).toEqual([{ data: { onTaskCreated: { id: 't1' } } }, { data: { onTaskCreated: { id: 't2' } } }]);
    unsubscribe();
    await subscribed(0);
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
  });

  it('should be told every member of an error', async () => {
    const { errors } = subscribe(client({ 'x-api-key': apiKey }), 'subscription { onOwn { id } }');
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toEqual([
      {
        message: 'Not Authorized to access onOwn on type Subscription',
        errorType: 'Unauthorized',
        errorInfo: null,
        data: null,
        path: ['onOwn'],
        locations: [{ line: 1, column: 16, sourceName: null }],
      },
    ]);
  });

  it('should be told why its credentials were refused', async () => {
    const { errors } = subscribe(client({ 'x-api-key': 'da2-wrong' }, { retryAttempts: 0 }), query);
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toMatchObject({ code: 4403, reason: 'Forbidden: You are not authorized to make this call.' });
  });

  it('should see an invalidated subscription complete, and not subscribe again', async () => {
    const opened = vi.fn();
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    const jdoe = client({ Authorization }, { on: { opened } });
    const subscription = subscribe(jdoe, own);
    await subscribed(1);
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    await vi.waitFor(() => expect(subscription.isComplete).toBe(true));
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
    expect(subscription.errors).toEqual([]);
    expect(opened).toHaveBeenCalledOnce();
    expect(gateway.subscriptionCount).toBe(0);
  });

  it('should subscribe again by itself when the process it was connected to stops', async () => {
    const waitForRestart = Promise.withResolvers<void>();
    const { results } = subscribe(
      client({ 'x-api-key': apiKey }, { retryAttempts: 5, retryWait: () => waitForRestart.promise }),
      query,
    );
    await subscribed(1);
    const { port } = gateway;
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights, port });
    waitForRestart.resolve();
    await subscribed(1);
    await gateway.publish('createTask', { id: 'after' });
    await vi.waitFor(() => expect(results).toEqual([{ data: { onTaskCreated: { id: 'after' } } }]));
  });

  it('should come back by itself when its connection has reached its age', async () => {
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights, maxConnectionAgeMs: 300 });
    const closed = vi.fn();
    const { results, errors } = subscribe(
      client({ 'x-api-key': apiKey }, { retryWait: () => Promise.resolve(), on: { closed } }),
      query,
    );
    await vi.waitFor(() => expect(closed.mock.calls.length).toBeGreaterThanOrEqual(2), { timeout: 5_000 });
    expect(closed.mock.calls[0]![0]).toMatchObject({ code: 1001, reason: 'Connection reached its maximum age' });
    await subscribed(1);
    await gateway.publish('createTask', { id: 'after' });
    await vi.waitFor(() => expect(results).toContainEqual({ data: { onTaskCreated: { id: 'after' } } }));
    expect(errors).toEqual([]);
  });

  it('should be closed when it keeps a connection without a subscription', async () => {
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights, idleTimeoutMs: 50 });
    const closed = vi.fn();
    client({ 'x-api-key': apiKey }, { lazy: false, retryAttempts: 0, on: { closed } });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    expect(closed.mock.calls[0]![0]).toMatchObject({ code: 1000, reason: 'No subscription for too long' });
  });

  it('should subscribe again with a fresh token when the one in use has ended', async () => {
    await gateway.stop();
    gateway = await startGateway({ api: tasksWithRights });
    const tokens = vi.fn((expiresInS: number) => gateway.authorization({ username: 'jdoe', expiresInS }));
    const jdoe = client(() => tokens(tokens.mock.calls.length === 0 ? 2 : 600));
    const first = subscribe(jdoe, query);
    await vi.waitFor(() => expect(first.errors).toHaveLength(1), { timeout: 5_000 });
    // The library takes 4401 for final; the application subscribes again, and `connectionParams` is asked for anew.
    expect(first.errors[0]).toMatchObject({ code: 4401, reason: 'Token has expired' });
    const second = subscribe(jdoe, query);
    await subscribed(1);
    expect(tokens).toHaveBeenCalledTimes(2);
    await gateway.publish('createTask', { id: 't' });
    await vi.waitFor(() => expect(second.results).toEqual([{ data: { onTaskCreated: { id: 't' } } }]));
  });

  it('should renew its token when it is warned, and notice nothing', async () => {
    const closed = vi.fn();
    let socket: WebSocket | undefined;
    const answers: unknown[] = [];
    const jdoe = client(() => gateway.authorization({ username: 'jdoe', expiresInS: 2 }), {
      on: {
        closed,
        opened: (opened) => void (socket = opened as WebSocket),
        ping: (isReceived, payload) => {
          if (!isReceived || payload?.tokenExpiresInSeconds === undefined) return;
          void gateway.authorization({ username: 'jdoe', expiresInS: 600 }).then(({ Authorization }) => {
            socket?.send(JSON.stringify({ type: 'ping', payload: { authorization: Authorization } }));
          });
        },
        pong: (isReceived, payload) => {
          if (isReceived) answers.push(payload);
        },
      },
    });
    const { results } = subscribe(jdoe, query);
    await vi.waitFor(() => expect(answers).toMatchObject([{ renewed: true }]), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await gateway.publish('createTask', { id: 't' });
    await vi.waitFor(() => expect(results).toEqual([{ data: { onTaskCreated: { id: 't' } } }]));
    expect(closed).not.toHaveBeenCalled();
  });
});
