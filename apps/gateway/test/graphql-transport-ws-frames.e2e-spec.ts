import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphqlTransportWsClient } from '#libs/testing';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';
const own = 'subscription { onOwn { id } }';

let gateway: TestGateway;
let client: GraphqlTransportWsClient;
beforeAll(async () => {
  gateway = await startGateway({ api: tasksWithRights, maxSubscriptionsPerConnection: 3, maxFrameBytes: 300_000 });
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  client = await GraphqlTransportWsClient.connect({ url: gateway.url });
});
afterEach(async () => {
  await client.close();
  // Whatever a test did, nothing of its connection is left.
  await vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([0, 0]));
});

async function subscribed(count: number) {
  await vi.waitFor(() => expect(gateway.subscriptionCount).toBe(count), { interval: 1 });
}

describe('credentials', () => {
  it.each([
    ['at the top of the payload of connection_init', { 'X-API-Key': apiKey }, {}],
    ['under headers in it', { headers: { 'x-api-key': apiKey } }, {}],
    ['in the headers of the request', undefined, { 'x-api-key': apiKey }],
    ['in the payload before the request', { 'x-api-key': apiKey }, { 'x-api-key': 'da2-wrong' }],
    ['under headers before the top', { 'x-api-key': 'da2-wrong', headers: { 'x-api-key': apiKey } }, {}],
  ])('should be taken %s', async (_name, payload, headers) => {
    const other = await GraphqlTransportWsClient.connect({ url: gateway.url, headers });
    expect(await other.init(payload)).toEqual({ type: 'connection_ack' });
    await other.close();
  });

  it('should be those of jdoe when his token is sent', async () => {
    await client.init(await gateway.authorization({ username: 'jdoe' }));
    client.start('a', own);
    await subscribed(1);
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    expect(await client.waitForMessage()).toEqual({ id: 'a', type: 'complete' });
    expect(await client.waitForClose()).toEqual({ code: 1000, reason: 'Subscriptions invalidated' });
  });

  it.each([
    ['none', undefined, 'Forbidden: Valid authorization header not provided.'],
    ['a wrong key', { 'x-api-key': 'da2-wrong' }, 'Forbidden: You are not authorized to make this call.'],
    ['a token that is none', { Authorization: 'meow' }, 'Forbidden: Unable to parse JWT token.'],
  ])('should close the connection when they are refused: %s', async (_name, payload, reason) => {
    client.send({ type: 'connection_init', payload });
    expect(await client.waitForClose()).toEqual({ code: 4403, reason });
    expect(client.received).toEqual([]);
  });

  it('should be tried again later when the user pool is away', async () => {
    await using stack = new AsyncDisposableStack();
    const lonely = stack.adopt(await startGateway({ api: tasksWithRights }), (it) => it.stop());
    lonely.issuer.setDown(true);
    const other = await GraphqlTransportWsClient.connect({ url: lonely.url });
    other.send({ type: 'connection_init', payload: await lonely.authorization({ username: 'jdoe' }) });
    expect(await other.waitForClose()).toEqual({
      code: 1013,
      reason: 'Try again later: Credentials cannot be verified at the moment.',
    });
  });
});

describe('a connection', () => {
  it.each([
    ['not JSON', 'meow'],
    ['empty', ''],
    ['a list', '[]'],
    ['a hundred thousand lists deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['without a type', '{}'],
    ['of an unknown type', '{"type":"start","id":"a"}'],
    ['a subscribe without an id', '{"type":"subscribe","payload":{"query":"x"}}'],
    ['a subscribe with an empty id', '{"type":"subscribe","id":"","payload":{"query":"x"}}'],
    ['a subscribe without a query', '{"type":"subscribe","id":"a","payload":{}}'],
    ['with a type only in its __proto__', '{"__proto__":{"type":"ping"}}'],
  ])('should be closed with 4400 for a message that is %s', async (_name, text) => {
    await client.init(key);
    client.sendRaw(text);
    expect(await client.waitForClose()).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  it('should be closed with 4400 for a binary frame, whatever it holds', async () => {
    await client.init(key);
    client.sendRaw(Buffer.from('{"type":"ping"}'));
    expect(await client.waitForClose()).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  it.each([
    ['a frame over the limit', () => client.sendRaw('x'.repeat(300_001)), 1009],
    ['invalid UTF-8', () => client.sendRaw(Buffer.from([0xc3, 0x28]), false), 1007],
  ])('should be closed for %s', async (_name, send, code) => {
    await client.init(key);
    send();
    expect((await client.waitForClose()).code).toBe(code);
  });

  it('should be closed with 4401 for a subscribe before the acknowledgement', async () => {
    client.start('a', query);
    expect(await client.waitForClose()).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('should be closed with 4429 for a second connection_init', async () => {
    await client.init(key);
    client.send({ type: 'connection_init', payload: key });
    expect(await client.waitForClose()).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  it('should be closed with 4409 for an id that is in use', async () => {
    await client.init(key);
    client.start('a', query);
    client.start('a', query);
    expect(await client.waitForClose()).toEqual({ code: 4409, reason: 'Subscriber for a already exists' });
  });

  it('should answer a ping with its payload', async () => {
    client.send({ type: 'ping', payload: { n: 1 } });
    expect(await client.waitForMessage()).toEqual({ type: 'pong', payload: { n: 1 } });
  });
});

describe('a subscription', () => {
  beforeEach(async () => void (await client.init(key)));

  it.each(['constructor', 'toString', '__proto__', 'x'.repeat(128)])(
    'should take the id %j for an id like any other',
    async (id) => {
      client.start(id, query);
      await subscribed(1);
      await gateway.publish('createTask', { id: 't' });
      expect(await client.waitForMessage()).toEqual({
        id,
        type: 'next',
        payload: { data: { onTaskCreated: { id: 't' } } },
      });
      client.stop(id);
      await subscribed(0);
    },
  );

  it('should be refused with an id that is too long', async () => {
    const id = 'x'.repeat(129);
    client.start(id, query);
    expect(await client.waitForMessage()).toEqual({
      id,
      type: 'error',
      payload: [{ errorType: 'BadRequestException', message: 'An id has at most 128 characters.', errorCode: 400 }],
    });
  });

  it('should be refused beyond the limit, those that are still starting counted', async () => {
    for (const id of ['a', 'b', 'c', 'd']) client.start(id, query);
    expect(await client.waitForMessage()).toEqual({
      id: 'd',
      type: 'error',
      payload: [
        {
          errorType: 'MaxSubscriptionsReachedError',
          message: 'Max number of 3 subscriptions reached',
          errorCode: 400,
        },
      ],
    });
    await subscribed(3);
    client.stop('a');
    await subscribed(2);
    client.start('d', query);
    await subscribed(3);
  });

  it('should get nothing more after its complete, and no answer to it', async () => {
    client.start('a', query);
    client.start('b', query);
    await subscribed(2);
    client.stop('a');
    client.stop('unknown');
    client.stop('constructor');
    await subscribed(1);
    await gateway.publish('createTask', { id: 't' });
    await client.waitForMessage(({ type }) => type === 'next');
    expect(client.received.map(({ type, id }) => [type, id])).toEqual([
      ['connection_ack', undefined],
      ['next', 'b'],
    ]);
  });
});

describe('an invalidation', () => {
  it('should complete what it matches, and close the connection only when nothing is left', async () => {
    await client.init(await gateway.authorization({ username: 'jdoe' }));
    client.start('own', own);
    client.start('all', query);
    await subscribed(2);
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    expect(await client.waitForMessage()).toEqual({ id: 'own', type: 'complete' });
    await gateway.publish('createTask', { id: 't' });
    expect(await client.waitForMessage()).toMatchObject({ id: 'all', type: 'next' });

    client.stop('all');
    await subscribed(0);
    client.start('own', own);
    await subscribed(1);
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    expect(await client.waitForMessage()).toEqual({ id: 'own', type: 'complete' });
    expect(await client.waitForClose()).toEqual({ code: 1000, reason: 'Subscriptions invalidated' });
  });
});
