import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppSyncClient } from '#libs/testing';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { host: 'localhost', 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';
const own = 'subscription { onOwn { id } }';

let gateway: TestGateway;
let client: AppSyncClient;
beforeAll(async () => {
  gateway = await startGateway({ api: tasksWithRights, maxSubscriptionsPerConnection: 3, maxFrameBytes: 300_000 });
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  client = await AppSyncClient.connect({ url: gateway.url, authorization: key });
});
afterEach(async () => {
  await client.close();
  // Whatever a test did, nothing of its connection is left.
  await vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([0, 0]));
});

const badRequest = (message: string) => ({ errors: [{ errorType: 'BadRequestException', message, errorCode: 400 }] });

async function errorAfter(send: () => void) {
  send();
  return client.waitForMessage(({ type }) => type === 'error');
}

/** Starts a subscription with the API key and waits for the acknowledgement. */
async function subscribe(id: string, text = query, authorization: Record<string, unknown> = key) {
  client.start(id, text, {}, authorization);
  await client.waitForMessage((message) => message.type === 'start_ack' && message.id === id);
}

describe('a connection', () => {
  it('should answer connection_init with an acknowledgement and the first keep-alive', async () => {
    client.send({ type: 'connection_init' });
    expect(await client.waitForMessage()).toEqual({
      type: 'connection_ack',
      payload: { connectionTimeoutMs: 300_000 },
    });
    expect(await client.waitForMessage()).toEqual({ type: 'ka' });
  });

  it('should answer a second connection_init like the first, and keep its subscriptions', async () => {
    await client.init();
    await subscribe('a');
    expect(await client.init()).toMatchObject({ type: 'connection_ack' });
    await gateway.publish('createTask', { id: 't' });
    expect(await client.waitForMessage()).toMatchObject({ type: 'data', id: 'a' });
  });

  it('should refuse a start before the acknowledgement and stay open', async () => {
    const error = await errorAfter(() => client.start('a', query, {}, key));
    expect(error).toEqual({
      type: 'error',
      id: 'a',
      payload: badRequest('start came before connection_ack; send connection_init first.'),
    });
    await client.init();
    await subscribe('a');
  });

  it.each([
    ['not JSON', 'meow', 'The message is not JSON.'],
    ['empty', '', 'The message is not JSON.'],
    ['a list', '[]', 'The message is not a JSON object.'],
    ['a hundred thousand lists deep', '['.repeat(100_000) + ']'.repeat(100_000), 'The message is not a JSON object.'],
    [
      'a start without data',
      '{"id":"x","type":"start","payload":{}}',
      'start needs payload.data: a string with the JSON text of {query, variables}.',
    ],
    [
      'a start with an empty id',
      '{"id":"","type":"start"}',
      'The message needs an id: a string of 1 to 128 characters.',
    ],
    [
      'a start with an id of 4 KB',
      `{"id":"${'x'.repeat(4096)}","type":"start"}`,
      'The message needs an id: a string of 1 to 128 characters.',
    ],
    ['a stop without an id', '{"type":"stop"}', 'The message needs an id: a string of 1 to 128 characters.'],
  ])('should answer a frame that is %s with a bad request and stay open', async (_name, frame, message) => {
    await client.init();
    const { payload } = await errorAfter(() => client.sendRaw(frame));
    expect(payload).toEqual(badRequest(message));
    await subscribe('still open');
  });

  it.each([
    ['is deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['has __proto__ everywhere', '{"__proto__":{"query":"x"},"constructor":{"prototype":{"query":"x"}}}'],
    ['has no query', '{}'],
    ['is a list', '[]'],
    ['is null', 'null'],
  ])('should answer a start whose data %s with a bad request', async (_name, data) => {
    await client.init();
    const start = { id: 'a', type: 'start', payload: { data, extensions: { authorization: key } } };
    const { id, payload } = await errorAfter(() => client.send(start));
    expect([id, payload]).toEqual(['a', badRequest('payload.data needs a query.')]);
    expect(({} as Record<string, unknown>).query).toBeUndefined();
  });

  it('should not quote data that is not JSON', async () => {
    await client.init();
    const payload = { data: `{"query": ${query}`, extensions: { authorization: key } };
    const error = await errorAfter(() => client.send({ id: 'a', type: 'start', payload }));
    expect(error.payload).toEqual(badRequest('payload.data is not JSON text.'));
  });

  it.each([
    ['subscribe', 'Unknown message type "subscribe"; expected connection_init, start or stop.'],
    ['ping', 'Unknown message type "ping"; expected connection_init, start or stop.'],
  ])('should answer the unknown type %s', async (type, message) => {
    await client.init();
    const error = await errorAfter(() => client.send({ id: 'a', type }));
    expect(error).toMatchObject({ id: 'a', payload: { errors: [{ errorType: 'UnsupportedOperation', message }] } });
  });

  it('should answer a binary frame with a bad request, whatever it holds', async () => {
    await client.init();
    const { payload } = await errorAfter(() => client.sendRaw(Buffer.from('{"type":"connection_init"}')));
    expect(payload).toEqual(badRequest('Messages are text, not binary.'));
  });

  it('should take a message in fragments', async () => {
    await client.init();
    client.sendFragments([...JSON.stringify({ type: 'connection_init' })]);
    expect(await client.waitForMessage()).toMatchObject({ type: 'connection_ack' });
  });

  it.each([
    ['a frame over the limit', () => client.sendRaw('x'.repeat(300_001)), 1009],
    [
      'fragments that are together over the limit',
      () => client.sendFragments(['x'.repeat(200_000), 'x'.repeat(200_000)]),
      1009,
    ],
    ['invalid UTF-8', () => client.sendRaw(Buffer.from([0xc3, 0x28]), false), 1007],
    ['more fragments than a message may have', () => client.sendFragments([...'x'.repeat(200)]), 1008],
  ])('should be closed for %s', async (_name, send, code) => {
    await client.init();
    await subscribe('a');
    send();
    expect((await client.waitForClose()).code).toBe(code);
  });
});

describe('a start', () => {
  beforeEach(async () => void (await client.init()));

  it.each(['constructor', 'toString', '__proto__', 'x'.repeat(128)])(
    'should take the id %j for an id like any other',
    async (id) => {
      await subscribe(id);
      await gateway.publish('createTask', { id: 't' });
      expect(await client.waitForMessage()).toEqual({
        id,
        type: 'data',
        payload: { data: { onTaskCreated: { id: 't' } } },
      });
      client.stop(id);
      expect(await client.waitForMessage()).toEqual({ id, type: 'complete' });
    },
  );

  it('should refuse an id that is in use, and leave the one that uses it alone', async () => {
    await subscribe('a');
    const error = await errorAfter(() => client.start('a', own, {}, key));
    expect(error).toMatchObject({
      id: 'a',
      payload: { errors: [{ errorType: 'DuplicatedOperationError', errorCode: 400 }] },
    });
    await gateway.publish('createTask', { id: 't' });
    expect(await client.waitForMessage()).toMatchObject({
      type: 'data',
      payload: { data: { onTaskCreated: { id: 't' } } },
    });
  });

  it('should take an id again after its stop', async () => {
    for (let n = 0; n < 3; n += 1) {
      await subscribe('a');
      client.stop('a');
      await client.waitForMessage(({ type }) => type === 'complete');
    }
  });

  it.each([
    ['without authorization', undefined, 'Valid authorization header not provided.'],
    ['with a wrong key', { 'x-api-key': 'da2-wrong' }, 'You are not authorized to make this call.'],
    ['with no token', { Authorization: 'meow' }, 'Unable to parse JWT token.'],
  ])('should be refused %s, although the connection was authorised', async (_name, authorization, message) => {
    const error = await errorAfter(() => client.start('a', query, {}, authorization));
    expect(error).toEqual({
      type: 'error',
      id: 'a',
      payload: { errors: [{ errorType: 'UnauthorizedException', message, errorCode: 401 }] },
    });
  });

  it('should tell the null of a field that failed, beside its error', async () => {
    const jdoe = await gateway.authorization({ username: 'jdoe' });
    client.start('a', 'subscription { x: onManaged { id } }', {}, jdoe);
    expect(await client.waitForMessage()).toMatchObject({ type: 'error', payload: { data: { x: null } } });
  });

  it('should be refused beyond the limit until another one stops', async () => {
    for (const id of ['a', 'b', 'c']) await subscribe(id);
    const error = await errorAfter(() => client.start('d', query, {}, key));
    expect(error).toEqual({
      type: 'error',
      id: 'd',
      payload: {
        errors: [
          {
            errorType: 'MaxSubscriptionsReachedError',
            message: 'Max number of 3 subscriptions reached',
            errorCode: 400,
          },
        ],
      },
    });
    client.stop('a');
    await client.waitForMessage(({ type }) => type === 'complete');
    await subscribe('d');
  });

  it('should be authorised by itself, so that one connection serves two people', async () => {
    const jdoe = await gateway.authorization({ username: 'jdoe' });
    const janed = await gateway.authorization({ username: 'janed' });
    await subscribe('of jdoe', own, jdoe);
    await subscribe('of janed', own, janed);
    await subscribe('of the key');

    await gateway.invalidate('onOwn', { username: 'jdoe' });
    await gateway.publish('createTask', { id: 't' });
    const about = (id: string) => (message: { id?: string }) => message.id === id;
    expect(await client.waitForMessage(about('of jdoe'))).toEqual({ id: 'of jdoe', type: 'complete' });
    expect(await client.waitForMessage(about('of jdoe'))).toEqual({
      id: 'of jdoe',
      type: 'error',
      payload: { errors: [{ errorType: 'SubscriptionInvalidated', message: 'Subscription complete.' }] },
    });
    expect(await client.waitForMessage(about('of janed'))).toMatchObject({ type: 'data' });
    expect(await client.waitForMessage(about('of the key'))).toMatchObject({ type: 'data' });

    client.stop('of the key');
    await client.waitForMessage(about('of the key'));
    await gateway.invalidate('onOwn', { username: 'janed' });
    expect(await client.waitForClose()).toEqual({ code: 1000, reason: 'Subscriptions invalidated' });
    const lastFrames = client.received.slice(-2).map(({ id, type }) => [id, type]);
    expect(lastFrames).toEqual([
      ['of janed', 'complete'],
      ['of janed', 'error'],
    ]);
  });
});

describe('a stop', () => {
  beforeEach(async () => void (await client.init()));

  it('should end the subscription: nothing follows its complete', async () => {
    await subscribe('a');
    await subscribe('b');
    client.stop('a');
    expect(await client.waitForMessage()).toEqual({ id: 'a', type: 'complete' });
    await gateway.publish('createTask', { id: 't' });
    expect(await client.waitForMessage()).toMatchObject({ id: 'b', type: 'data' });
  });

  it('should have no answer for an id that is not there', async () => {
    for (const id of ['unknown', 'constructor', '__proto__']) client.stop(id);
    await subscribe('a');
    expect(client.received.map(({ type }) => type)).toEqual(['connection_ack', 'ka', 'start_ack']);
  });
});
