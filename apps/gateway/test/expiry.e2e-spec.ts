import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphqlTransportWsClient } from '#libs/testing';
import { appSync, graphqlTransportWs, protocols } from './protocols.js';
import { startGateway } from './start-gateway.js';
import type { TestGateway, TestGatewayOptions } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const query = 'subscription { onTaskCreated { id } }';
const expired = { errorType: 'UnauthorizedException', message: 'Token has expired.', errorCode: 401 };
const policy = (onTokenExpiry: 'keep' | 'close' | 'end') => ({
  onTokenExpiry: { appSync: onTokenExpiry, graphqlTransportWs: onTokenExpiry, sse: onTokenExpiry },
});

let gateway: TestGateway;
// Only what the gateway's times run on; sockets and waits keep the real ones.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] }));
afterEach(async () => {
  vi.useRealTimers();
  await gateway.stop();
});

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  // Minutes pass between two turns of the event loop, in which no client could answer.
  gateway = await startGateway({ api: tasksWithRights, keepAliveMs: 3_600_000, ...options });
}

/** Credentials of jdoe that are good for so many seconds. */
const tokenFor = (expiresInS: number, groups: readonly string[] = []) =>
  gateway.authorization({ username: 'jdoe', groups, expiresInS });

/** So many seconds pass. A token's end is a whole second, so it may be up to one earlier than asked for. */
const pass = (seconds: number) => void vi.advanceTimersByTime(seconds * 1_000 + 50);

describe.each(protocols)('credentials that end, over $name', ({ connect }) => {
  it('should end nothing with keep', async () => {
    await start(policy('keep'));
    const client = await connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    pass(60);
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('a')).toEqual({ data: { onTaskCreated: { id: 't' } } });
    expect(client.typesOf('a')).not.toContain('error');
  });

  it('should start nothing any more with keep', async () => {
    await start(policy('keep'));
    const client = await connect(gateway, await tokenFor(60));
    // 5 seconds are forgiven between two clocks.
    pass(66);
    expect(await client.refusalOf('a', query)).toEqual([expired]);
  });

  it('should end its subscriptions with end, and not the connection', async () => {
    await start(policy('end'));
    const client = await connect(gateway, await tokenFor(60));
    for (const id of ['a', 'b']) await client.subscribe(id, query);
    pass(58);
    expect(gateway.subscriptionCount).toBe(2);
    pass(2);
    for (const id of ['a', 'b']) {
      const message = await client.socket.waitForMessage((one) => one.id === id && one.type === 'error');
      expect(JSON.stringify(message.payload)).toContain(JSON.stringify(expired));
    }
    expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([1, 0]);
    await gateway.publish('createTask', { id: 't' });
    await client.socket.waitForNoMessage(50, ({ type }) => type === 'data' || type === 'next' || type === 'complete');
  });
});

describe("AppSync's protocol", () => {
  it('should close when the credentials of a subscription end, with close', async () => {
    await start(policy('close'));
    const client = await appSync.connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    pass(60);
    expect(await client.waitForClose()).toEqual({ code: 1008, reason: 'Token has expired' });
    // No error before it: Amplify would give the subscription up in place of starting it again with a fresh token.
    expect(client.typesOf('a')).toEqual(['start_ack']);
    expect(await gateway.count('closes', 'TOKEN_EXPIRED')).toBe(1);
  });

  it('should not close for credentials that no subscription rests on', async () => {
    await start(policy('close'));
    const client = await appSync.connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    await client.stop('a');
    pass(60);
    await client.refusalOf('b', '{');
    expect(gateway.connectionCount).toBe(1);
  });

  it.each(['close', 'end'] as const)('should let a newer start of the same person go on with %s', async (what) => {
    await start(policy(what));
    const client = await appSync.connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    const socket = client.socket;
    const authorization = await tokenFor(120);
    const data = JSON.stringify({ query });
    socket.send({ id: 'b', type: 'start', payload: { data, extensions: { authorization } } });
    await socket.waitForMessage(({ id, type }) => id === 'b' && type === 'start_ack');
    pass(60);
    await gateway.publish('createTask', { id: 't' });
    for (const id of ['a', 'b']) expect(await client.delivery(id)).toEqual({ data: { onTaskCreated: { id: 't' } } });
  });

  it('should not take the newer start of somebody else for a renewal', async () => {
    await start(policy('end'));
    const client = await appSync.connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    const authorization = await gateway.authorization({ username: 'janed' });
    client.socket.send({
      id: 'b',
      type: 'start',
      payload: { data: JSON.stringify({ query }), extensions: { authorization } },
    });
    await client.socket.waitForMessage(({ id, type }) => id === 'b' && type === 'start_ack');
    pass(60);
    await client.socket.waitForMessage(({ id, type }) => id === 'a' && type === 'error');
    expect(gateway.subscriptionCount).toBe(1);
  });

  it('should end a subscription whose renewed credentials allow less', async () => {
    await start(policy('end'));
    const managed = 'subscription { onTaskCreated { id estimate } }';
    const client = await appSync.connect(gateway, await tokenFor(10, ['ManagerGroup']));
    await client.subscribe('a', managed);
    await client.subscribe('b', query);
    const authorization = await tokenFor(60);
    client.socket.send({
      id: 'c',
      type: 'start',
      payload: { data: JSON.stringify({ query }), extensions: { authorization } },
    });
    const { payload } = await client.socket.waitForMessage(({ id, type }) => id === 'a' && type === 'error');
    expect(JSON.stringify(payload)).toContain('The renewed credentials allow less');
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(2));
    expect(client.typesOf('b')).toEqual(['start_ack']);
  });
});

describe('graphql-transport-ws', () => {
  const renew = (client: Awaited<ReturnType<typeof graphqlTransportWs.connect>>, payload: unknown) => {
    client.socket.send({ type: 'ping', payload });
    return client.socket.waitForMessage(({ type }) => type === 'pong');
  };

  it('should warn, and then close with 4401', async () => {
    await start();
    const client = await graphqlTransportWs.connect(gateway, await tokenFor(600));
    await client.subscribe('a', query);
    pass(538);
    expect(client.socket.received.map(({ type }) => type)).not.toContain('ping');
    pass(2);
    const ping = await client.socket.waitForMessage(({ type }) => type === 'ping');
    expect([58, 59, 60]).toContain((ping.payload as { tokenExpiresInSeconds: number }).tokenExpiresInSeconds);
    pass(58);
    expect(gateway.connectionCount).toBe(1);
    pass(2);
    expect(await client.waitForClose()).toEqual({ code: 4401, reason: 'Token has expired' });
    expect(await gateway.count('closes', 'CREDENTIALS_EXPIRED')).toBe(1);
  });

  it.each([
    ['authorization', (token: string) => ({ authorization: token })],
    ['a name in other letters', (token: string) => ({ Authorization: `Bearer ${token}` })],
    ['headers', (token: string) => ({ headers: { authorization: token } })],
  ])('should let a ping with %s renew them', async (_name, payloadOf) => {
    await start();
    const client = await graphqlTransportWs.connect(gateway, await tokenFor(60));
    await client.subscribe('a', query);
    const { Authorization } = await tokenFor(600);
    const { payload } = await renew(client, payloadOf(Authorization));
    expect(payload).toEqual({ renewed: true, expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string });
    const { expiresAt } = payload as { expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(590_000);
    pass(60);
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('a')).toEqual({ data: { onTaskCreated: { id: 't' } } });
    await client.subscribe('b', query);
  });

  it.each([
    ['of somebody else', { username: 'janed' }, /same kind and the same subject/],
    ['that have ended', { username: 'jdoe', expiresInS: -60 }, /^Token has expired\.$/],
    ['that end before those in use', { username: 'jdoe', expiresInS: 60 }, /end before those in use/],
  ])('should not be renewed by credentials %s, and go on', async (_name, subject, message) => {
    await start();
    const client = await graphqlTransportWs.connect(gateway, await tokenFor(600));
    await client.subscribe('a', query);
    const { Authorization } = await gateway.authorization(subject);
    const { payload } = await renew(client, { authorization: Authorization });
    expect(payload).toEqual({ renewed: false, message: expect.stringMatching(message) as string });
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('a')).toEqual({ data: { onTaskCreated: { id: 't' } } });
  });

  it('should not be renewed before connection_init, nor in another mode, nor while the user pool is away', async () => {
    await start();
    const silent = await GraphqlTransportWsClient.connect({ url: gateway.url });
    silent.send({ type: 'ping', payload: { authorization: 'x' } });
    expect(await silent.waitForMessage()).toMatchObject({
      payload: { renewed: false, message: 'Send connection_init first.' },
    });

    const key = { 'x-api-key': 'da2-abcdefghijklmnopqrstuvwxyz' };
    const client = await graphqlTransportWs.connect(gateway, key);
    gateway.issuer.setDown(true);
    const { Authorization } = await tokenFor(60);
    expect((await renew(client, { authorization: Authorization })).payload).toEqual({
      renewed: false,
      message: 'Credentials cannot be verified at the moment.',
    });
    gateway.issuer.setDown(false);
    expect((await renew(client, { headers: key })).payload).toMatchObject({ renewed: false });
  });

  it('should be too late once they have ended', async () => {
    await start(policy('end'));
    const client = await graphqlTransportWs.connect(gateway, await tokenFor(60));
    pass(60);
    const { Authorization } = await tokenFor(60);
    expect((await renew(client, { authorization: Authorization })).payload).toEqual({
      renewed: false,
      message: 'The credentials in use have ended; connect again.',
    });
  });

  it('should end the subscriptions that renewed credentials no longer allow, and those that start meanwhile', async () => {
    await start();
    const held = gateway.hold();
    const client = await graphqlTransportWs.connect(gateway, await tokenFor(60, ['ManagerGroup']));
    await client.subscribe('managed', 'subscription { onManaged { id } }');
    await client.subscribe('estimates', 'subscription { onTaskCreated { id estimate } }');
    await client.subscribe('tasks', query);
    client.start('own', 'subscription { onOwn { id } }');
    await held.waitFor(1);
    held.release(0);
    await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(4));
    client.start('starting', 'subscription { onOwn { id estimate } }');
    await held.waitFor(2);
    const { Authorization } = await tokenFor(120);
    expect((await renew(client, { authorization: Authorization })).payload).toMatchObject({ renewed: true });
    held.release(1);
    for (const id of ['managed', 'estimates', 'starting']) {
      const message = await client.socket.waitForMessage((one) => one.id === id && one.type === 'error');
      expect(message.payload).toEqual([
        {
          errorType: 'UnauthorizedException',
          message: 'The renewed credentials allow less than those that started the subscription.',
          errorCode: 401,
        },
      ]);
    }
    // Its resolver filters by who subscribes, and would be told of other groups now.
    expect(await client.endOf('own')).toMatchObject([
      { message: 'The renewed credentials have other claims than those that started the subscription.' },
    ]);
    expect(gateway.subscriptionCount).toBe(1);
    await gateway.publish('createTask', { id: 't' });
    expect(await client.delivery('tasks')).toEqual({ data: { onTaskCreated: { id: 't' } } });
  });
});
