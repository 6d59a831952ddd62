import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { graphqlTransportWs, protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

/** Its resolver names the subscriber in the invalidation filter, and asks a data source, so that a test can hold it. */
const own = 'subscription { onOwn { id } }';
/** Sets no invalidation filter. */
const open = 'subscription { onTaskCreated { id } }';

let gateway: TestGateway;
let jdoe: { readonly Authorization: string };
let janed: { readonly Authorization: string };
beforeEach(async () => {
  gateway = await startGateway({ api: tasksWithRights });
  jdoe = await gateway.authorization({ username: 'jdoe' });
  janed = await gateway.authorization({ username: 'janed' });
});
afterEach(async () => {
  vi.useRealTimers();
  await gateway.stop();
});

const payload = '{"username":"jdoe"}';
const invalidate = (stickySeconds?: number, subscriptionField = 'onOwn') =>
  gateway.append({
    kind: 'invalidation',
    subscriptionField,
    payload,
    requestId: 'request-1',
    ...(stickySeconds === undefined ? {} : { stickySeconds }),
  });

const audits = () =>
  gateway.logged
    .split('\n')
    .filter((line) => line.includes('"audit":true'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Resolves when the gateway has applied so many invalidations. */
const applied = (count: number) => vi.waitFor(() => expect(audits()).toHaveLength(count));

const refusal = {
  errorType: 'SubscriptionInvalidated',
  message: expect.stringMatching(
    /^Subscription invalidated; it is refused for the next (300|299|298|297) s\.$/,
  ) as string,
  errorCode: 410,
};

describe.each(protocols)('a sticky invalidation, over $name', ({ connect }) => {
  it('should refuse the same person on a new connection and an old one, and nobody else', async () => {
    const [phone, laptop] = [await connect(gateway, jdoe), await connect(gateway, jdoe)];
    await phone.subscribe('s1', own);
    await laptop.subscribe('other', open);
    await invalidate(300);
    expect(await phone.waitForClose()).toEqual({ code: 1000, reason: 'Subscriptions invalidated' });

    const again = await connect(gateway, jdoe);
    expect(await again.refusalOf('s1', own)).toEqual([refusal]);
    expect(await laptop.refusalOf('s1', own)).toEqual([refusal]);
    expect(gateway.subscriptionCount).toBe(1);

    const manager = await connect(gateway, janed);
    await manager.subscribe('s1', own);
    await gateway.publish('createTask', { id: 't1' });
    expect(await manager.delivery('s1')).toEqual({ data: { onOwn: { id: 't1' } } });
    expect(await laptop.delivery('other')).toEqual({ data: { onTaskCreated: { id: 't1' } } });
    expect(laptop.typesOf('s1')).toEqual(['error']);
    expect(again.typesOf('s1')).toEqual(['error']);
  });

  it('should leave the connection open, and its id free for a subscription that nothing forbids', async () => {
    await invalidate(300);
    await applied(1);
    const client = await connect(gateway, jdoe);
    await client.refusalOf('s1', own);
    await client.subscribe('s1', open);
    await gateway.publish('createTask', { id: 't1' });
    expect(await client.delivery('s1')).toEqual({ data: { onTaskCreated: { id: 't1' } } });
  });

  it('should refuse a subscription whose resolver ran while it was read', async () => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    const refused = client.refusalOf('s1', own);
    await held.waitFor(1);
    await invalidate(300);
    await applied(1);
    held.release(0);
    expect(await refused).toEqual([refusal]);
    expect(gateway.subscriptionCount).toBe(0);
    expect(audits()).toMatchObject([{ ended: 0 }]);
  });

  it('should never refuse a subscription that has no invalidation filter', async () => {
    await invalidate(300, 'onTaskCreated');
    await applied(1);
    const client = await connect(gateway, jdoe);
    await client.subscribe('s1', open);
    expect(gateway.subscriptionCount).toBe(1);
  });

  it('should be over when its time is', async () => {
    await invalidate(300);
    await applied(1);
    const client = await connect(gateway, jdoe);
    await client.refusalOf('early', own);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 });
    await client.subscribe('later', own);
    expect(gateway.subscriptionCount).toBe(1);
  });
});

describe('an invalidation that ends everything', () => {
  it('should be recorded and counted with the number that it ended', async () => {
    const everyone = await startGateway({
      api: {
        ...tasksWithRights,
        'resolvers/Subscription.onOwn.response.vtl':
          '$extensions.setSubscriptionInvalidationFilter({"filterGroup": []})\nnull',
      },
    });
    try {
      const clients = [];
      for (const username of ['jdoe', 'janed', 'third']) {
        const client = await graphqlTransportWs.connect(everyone, await everyone.authorization({ username }));
        await client.subscribe('s1', own);
        clients.push(client);
      }
      await everyone.append({
        kind: 'invalidation',
        subscriptionField: 'onOwn',
        payload: '{}',
        requestId: 'request-2',
      });
      for (const client of clients) expect(await client.waitForClose()).toMatchObject({ code: 1000 });
      expect(everyone.subscriptionCount).toBe(0);
      expect(everyone.logged).toMatch(/"requestId":"request-2","subscriptionField":"onOwn","sticky":null,"ended":3/);
    } finally {
      await everyone.stop();
    }
  });
});
