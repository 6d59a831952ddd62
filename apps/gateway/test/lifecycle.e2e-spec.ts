import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appSync, graphqlTransportWs, protocols } from './protocols.js';
import type { Protocol, Subscriber } from './protocols.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';
/** Its resolver asks a data source, so a test can hold it. */
const own = 'subscription { onOwn { id } }';

let gateway: TestGateway;
let jdoe: { readonly Authorization: string };
beforeEach(async () => {
  gateway = await startGateway({ api: tasksWithRights, maxSubscriptionsPerConnection: 5 });
  jdoe = await gateway.authorization({ username: 'jdoe' });
});
afterEach(() => gateway.stop());

async function nothingIsLeft() {
  await vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([0, 0]));
}

/** Resolves when the gateway has handled what was sent before: an id of its own goes all the way round. */
async function handled(client: Subscriber) {
  await client.refusalOf('handled', '{');
}

describe.each(protocols)('a subscription whose resolver still runs, over $name', ({ connect }) => {
  it('should leave nothing when its client stops it', async () => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    client.start('a', own);
    await held.waitFor(1);
    await client.stop('a');
    held.release(0);
    await handled(client);
    expect(gateway.subscriptionCount).toBe(0);
    await gateway.publish('createTask', { id: 't' });
    await handled(client);
    await client.subscribe('b', query);
    await gateway.publish('createTask', { id: 'u' });
    expect(await client.delivery('b')).toMatchObject({ data: { onTaskCreated: { id: 'u' } } });
    expect(client.typesOf('a')).not.toContain('start_ack');
    await client.socket.close();
    await nothingIsLeft();
  });

  it.each([
    ['closed', (client: Subscriber) => void client.socket.close()],
    ['cut', (client: Subscriber) => client.socket.terminate()],
  ])('should leave nothing when its connection is %s', async (_name, end) => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    client.start('a', own);
    client.start('b', own);
    await held.waitFor(2);
    end(client);
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
    held.release(0);
    held.release(1);
    const other = await connect(gateway, key);
    await handled(other);
    expect(gateway.subscriptionCount).toBe(0);
  });

  it.each([
    ['in order', [0, 1]],
    ['in the other order', [1, 0]],
  ])('should give its id to the next start when both settle %s', async (_name, order) => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    client.start('a', 'subscription { first: onOwn { id } }');
    await held.waitFor(1);
    await client.stop('a');
    client.start('a', 'subscription { second: onOwn { id } }');
    await held.waitFor(2);
    for (const index of order) {
      held.release(index);
      await handled(client);
    }
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(1));
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('a')).toEqual({ data: { second: { id: 't' } } });
    await client.stop('a');
    expect(gateway.subscriptionCount).toBe(0);
    await client.socket.close();
    await nothingIsLeft();
  });

  it('should tell nobody of the refusal of a start that was withdrawn', async () => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    client.start('a', 'subscription { onRefused(how: "unauthorized") { id } }');
    await held.waitFor(1);
    await client.stop('a');
    client.start('a', own);
    await held.waitFor(2);
    held.release(0);
    await handled(client);
    held.release(1);
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(1));
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('a')).toEqual({ data: { onOwn: { id: 't' } } });
    expect(client.typesOf('a')).not.toContain('error');
  });

  it('should keep the connection open when an invalidation ends all others', async () => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    client.start('a', own);
    await held.waitFor(1);
    held.release(0);
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(1));
    client.start('b', own);
    await held.waitFor(2);
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    await client.socket.waitForMessage(({ id, type }) => id === 'a' && type === 'complete');
    held.release(1);
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(1));
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('b')).toEqual({ data: { onOwn: { id: 't' } } });
  });

  it('should count against the limit', async () => {
    const held = gateway.hold();
    const client = await connect(gateway, jdoe);
    for (const id of ['a', 'b', 'c', 'd', 'e']) client.start(id, own);
    await held.waitFor(5);
    expect(await client.refusalOf('f', own)).toMatchObject([{ message: 'Max number of 5 subscriptions reached' }]);
  });
});

describe.each(protocols)('over $name', ({ connect }) => {
  it('should never lose what is published right after a subscription is registered', async () => {
    const client = await connect(gateway, key);
    for (let n = 0; n < 300; n += 1) {
      await client.subscribe(`s${n}`, query);
      await gateway.publish('createTask', { id: `t${n}` });
      expect(await client.delivery(`s${n}`)).toEqual({ data: { onTaskCreated: { id: `t${n}` } } });
      await client.stop(`s${n}`);
    }
    await client.socket.close();
    await nothingIsLeft();
  });

  it('should leave nothing of a hundred connections that come, subscribe and go', async () => {
    for (let round = 0; round < 5; round += 1) {
      const clients = await Promise.all(Array.from({ length: 20 }, () => connect(gateway, key)));
      for (const client of clients) for (const id of ['a', 'b']) client.start(id, query);
      clients.forEach((client, n) => (n % 2 ? client.socket.terminate() : void client.socket.close()));
    }
    await nothingIsLeft();
  });
});

describe('one connection that misbehaves', () => {
  const misdeeds: readonly (readonly [string, Protocol, (client: Subscriber) => void])[] = [
    appSync,
    graphqlTransportWs,
  ].flatMap(
    (protocol) =>
      [
        ['is cut in the middle', protocol, (client: Subscriber) => client.socket.terminate()],
        [
          'sends a frame that is too large',
          protocol,
          (client: Subscriber) => client.socket.sendRaw('x'.repeat(2_000_000)),
        ],
        ['sends no JSON', protocol, (client: Subscriber) => client.socket.sendRaw('meow')],
        ['sends binary', protocol, (client: Subscriber) => client.socket.sendRaw(Buffer.alloc(1000))],
        ['sends deep JSON', protocol, (client: Subscriber) => client.socket.sendRaw('['.repeat(500_000))],
        [
          'floods with subscriptions',
          protocol,
          (client: Subscriber) => {
            for (let n = 0; n < 1000; n += 1) client.start(`flood${n}`, query);
          },
        ],
      ] as const,
  );

  it.each(misdeeds.map(([name, protocol, act]) => ({ name, protocol, act, protocolName: protocol.name })))(
    'should not disturb others when it $name over $protocolName',
    async ({ protocol, act }) => {
      const neighbours = [await appSync.connect(gateway, key), await graphqlTransportWs.connect(gateway, key)];
      for (const neighbour of neighbours) await neighbour.subscribe('n', query);
      const client = await protocol.connect(gateway, key);
      await client.subscribe('a', query);
      act(client);
      await gateway.publish('createTask', { id: 't' });
      for (const neighbour of neighbours) {
        expect(await neighbour.delivery('n')).toEqual({ data: { onTaskCreated: { id: 't' } } });
        await handled(neighbour);
      }
      expect(gateway.logged).not.toContain('in a way nobody expected');
    },
  );
});
