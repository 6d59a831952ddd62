import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppSyncClient } from '#libs/testing';
import type { AppSyncConnectOptions } from '#libs/testing';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ api: tasksWithRights });
});
afterAll(() => gateway.stop());

const connect = (options: Partial<AppSyncConnectOptions> = {}) =>
  AppSyncClient.connect({ url: gateway.url, ...options });
const key = { host: 'localhost', 'x-api-key': apiKey };

/** Sends `connection_init` and waits for the refusal: the frame first, then the close. */
async function refusalOf(client: AppSyncClient) {
  client.send({ type: 'connection_init' });
  const close = await client.waitForClose();
  expect(client.received).toHaveLength(1);
  const [{ type, payload } = { type: 'nothing' }] = client.received;
  expect(type).toBe('connection_error');
  return { errors: (payload as { errors: unknown[] }).errors, close };
}

describe('the handshake', () => {
  it.each([
    ['base64url in a subprotocol, as Amplify', { authorization: key }],
    ['base64 in the query, as older clients', { authorization: key, carrier: 'query' }],
    ['headers of the request', { authorization: key, carrier: 'headers' }],
    ['a name in other letters', { authorization: { 'X-API-KEY': apiKey } }],
    ['headers of Amplify beside it', { authorization: { ...key, 'x-amz-date': '20261122T034819Z' } }],
  ] as const)('should take an API key as %s', async (_name, options) => {
    const client = await connect(options);
    expect(client.subprotocol).toBe('graphql-ws');
    expect(await client.init()).toEqual({ type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } });
    await client.close();
  });

  it.each([
    ['an ID token', async () => ({ Authorization: await gateway.issuer.idToken({ username: 'jdoe' }) })],
    ['an access token', async () => ({ Authorization: await gateway.issuer.accessToken({ username: 'jdoe' }) })],
    [
      'a token after Bearer',
      async () => ({ authorization: `Bearer ${await gateway.issuer.idToken({ username: 'jdoe' })}` }),
    ],
  ])('should take %s', async (_name, authorization) => {
    for (const carrier of ['subprotocol', 'query', 'headers'] as const) {
      const client = await connect({ authorization: await authorization(), carrier });
      await client.init();
      await client.close();
    }
  });

  it.each(['/graphql/realtime', '/graphql', '/graphql/realtime/', '/graphql?x-custom=1'])(
    'should be taken at %s',
    async (path) => {
      const client = await connect({ url: `ws://127.0.0.1:${gateway.port}${path}`, authorization: key });
      await client.init();
      await client.close();
    },
  );

  it.each(['/', '/realtime', '/graphql/realtime/x', '/GraphQL', '//graphql', '/graphql%2Frealtime'])(
    'should be answered 404 at %s',
    async (path) => {
      await expect(connect({ url: `ws://127.0.0.1:${gateway.port}${path}` })).rejects.toThrow(
        'Unexpected server response: 404',
      );
    },
  );

  it.each([
    ['no subprotocol', []],
    ['one that nobody speaks', ['mqtt']],
    ["AppSync's for events", ['aws-appsync-event-ws']],
  ])('should be closed with a reason for %s', async (_name, subprotocols) => {
    // The library of these tests, like a browser, fails by itself when it offered something and got nothing back.
    if (subprotocols.length > 0) {
      await expect(connect({ subprotocols })).rejects.toThrow('Server sent no subprotocol');
      return;
    }
    const client = await connect({ subprotocols });
    expect(await client.waitForClose()).toEqual({
      code: 1002,
      reason: 'Offer the subprotocol graphql-transport-ws or graphql-ws',
    });
  });

  it('should prefer graphql-transport-ws where both are offered', async () => {
    const client = await connect({ subprotocols: ['graphql-ws', 'graphql-transport-ws'] });
    expect(client.subprotocol).toBe('graphql-transport-ws');
    await client.close();
  });

  it('should take the subprotocol before the query, and not look at the request when either is there', async () => {
    const bad = Buffer.from('{"x-api-key":"da2-bad"}').toString('base64url');
    const client = await connect({ url: `${gateway.url}?header=${bad}`, authorization: key });
    await client.init();
    await client.close();
    const refused = await connect({ url: `${gateway.url}?header=${bad}`, authorization: key, carrier: 'headers' });
    expect((await refusalOf(refused)).close.code).toBe(1008);
  });
});

describe('refused credentials', () => {
  const unauthorized = (message: string) => ({
    errors: [{ errorType: 'UnauthorizedException', message, errorCode: 401 }],
    close: { code: 1008, reason: 'Unauthorized' },
  });
  const missing = 'Valid authorization header not provided.';
  const refused = 'You are not authorized to make this call.';

  it.each([
    ['none', undefined, missing],
    ['an object without any', { host: 'a' }, missing],
    ['an empty key', { 'x-api-key': '' }, missing],
    ['a wrong key', { 'x-api-key': `${apiKey}x` }, refused],
    ['a wrong key beside a good token', 'both', refused],
    ['a token that is none', { Authorization: 'meow' }, 'Unable to parse JWT token.'],
    ['an expired token', 'expired', 'Token has expired.'],
    ['a token of another key', 'forged', refused],
    ['a token without a signature', 'unsigned', refused],
    ['a token of another issuer', 'foreign', refused],
  ])('should be told before the close: %s', async (_name, given, message) => {
    const client = await connect({ authorization: typeof given === 'string' ? await make(given) : given });
    expect(await refusalOf(client)).toEqual(unauthorized(message));
  });

  async function make(kind: string): Promise<Record<string, unknown>> {
    const { issuer } = gateway;
    const nowS = Math.floor(Date.now() / 1000);
    const claims = { sub: 's', iss: issuer.issuer, token_use: 'id', aud: 'boards-web', exp: nowS + 3600, iat: nowS };
    switch (kind) {
      case 'both':
        return { 'x-api-key': 'da2-wrong', Authorization: await issuer.idToken({ username: 'jdoe' }) };
      case 'expired':
        return { Authorization: await issuer.idToken({ username: 'jdoe', expiresInS: -60 }) };
      case 'forged':
        return { Authorization: await issuer.sign(claims, { key: (await generateKeyPair('RS256')).privateKey }) };
      case 'unsigned': {
        const [, payload] = (await issuer.sign(claims)).split('.');
        return { Authorization: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.` };
      }
      default:
        return { Authorization: await issuer.sign({ ...claims, iss: 'https://elsewhere.example.com' }) };
    }
  }

  it.each([
    ['is not base64', ['graphql-ws', 'header-a.b']],
    ['is not JSON', ['graphql-ws', `header-${Buffer.from('meow').toString('base64url')}`]],
    ['is a list', ['graphql-ws', `header-${Buffer.from('[]').toString('base64url')}`]],
    ['comes twice', ['graphql-ws', 'header-e30', 'header-e31']],
  ])('should be told as a bad request when the header object %s', async (_name, subprotocols) => {
    const { errors, close } = await refusalOf(await connect({ subprotocols }));
    expect(errors).toEqual([
      { errorType: 'BadRequestException', message: expect.stringContaining('handshake') as string, errorCode: 400 },
    ]);
    expect(close).toEqual({ code: 1002, reason: 'Protocol error' });
  });

  it('should leave no connection behind', async () => {
    await vi.waitFor(() => expect(gateway.connectionCount).toBe(0));
  });
});

describe('a user pool that is away', () => {
  it('should be no refusal: the client is told to try again', async () => {
    await using stack = new AsyncDisposableStack();
    const lonely = stack.adopt(await startGateway({ api: tasksWithRights }), (it) => it.stop());
    const authorization = await lonely.authorization({ username: 'jdoe' });
    lonely.issuer.setDown(true);
    expect(await refusalOf(await AppSyncClient.connect({ url: lonely.url, authorization }))).toEqual({
      errors: [
        {
          errorType: 'InternalFailure',
          message: 'Credentials cannot be verified at the moment.',
          errorCode: 500,
        },
      ],
      close: { code: 1013, reason: 'Try again later' },
    });
  });
});
