import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppSyncClient, GraphqlTransportWsClient, startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { ask } from './ask.js';
import { connectToSign } from './caller.js';
import type { Caller, Headers, RequestToSign } from './caller.js';
import { deniedInDelivery } from './denials.js';
import { modes } from './modes.js';
import { startMessage } from './realtime.js';
import { apiKey, startEveryMode } from './start-every-mode.js';
import type { EveryMode } from './start-every-mode.js';

let every: EveryMode;
let stranger: TokenIssuer;
beforeAll(async () => {
  every = await startEveryMode(inject('redisUrl'));
  stranger = await startTokenIssuer({ userPoolId: 'elsewhere' });
});
afterAll(async () => {
  await stranger.stop();
  await every.stop();
});

const missing = 'Valid authorization header not provided.';
const refused = 'You are not authorized to make this call.';
const expired = 'Token has expired.';
const denied = 'Permission denied';

const key = { 'x-api-key': apiKey };
const wrongKey = { 'x-api-key': 'da2-wrong' };
const authorization = (value: string): Headers => ({ authorization: value });

type MakeHeaders = (request: RequestToSign) => Headers | Promise<Headers>;
const signed: MakeHeaders = (request) => every.guests.AWS_IAM.headersFor(request);
const poolToken = (expiresInS?: number): Promise<string> => every.userPool.idToken({ username: 'guest', expiresInS });
const oidcToken = (expiresInS?: number): Promise<string> => every.issuer.idToken({ username: 'guest', expiresInS });

/** What is sent, and by which mode it is let in, or with which text refused. */
const combinations: readonly (readonly [string, MakeHeaders, string])[] = [
  ['nothing', () => ({}), missing],
  ['blanks', () => ({ 'x-api-key': ' ', authorization: ' ' }), missing],
  ['a key', () => key, 'API Key Authorization'],
  ['a wrong key', () => wrongKey, refused],
  ['a signature', signed, 'IAM Authorization'],
  ['a token of the user pool', async () => authorization(await poolToken()), 'User Pool Authorization'],
  ['the same after Bearer', async () => authorization(`Bearer ${await poolToken()}`), 'User Pool Authorization'],
  ['a token of the issuer', async () => authorization(await oidcToken()), 'Open ID Connect Authorization'],
  ['the same after Bearer', async () => authorization(`Bearer ${await oidcToken()}`), 'Open ID Connect Authorization'],
  ['a token that the authoriser knows', () => authorization('token-of-guest'), 'Lambda Authorization'],
  ['a text that nobody knows', () => authorization('meow'), refused],
  ['a token of a stranger', async () => authorization(await stranger.idToken({ username: 'guest' })), refused],
  ['an expired token of the user pool', async () => authorization(await poolToken(-60)), expired],
  ['an expired token of the issuer', async () => authorization(await oidcToken(-60)), expired],
  ['half a signature', () => authorization('AWS4-HMAC-SHA256 Credential=AKIAGUEST'), refused],
  ['a signature of an access key without rights', (request) => every.nobody.headersFor(request), denied],
  ['a key beside a signature', async (request) => ({ ...(await signed(request)), ...key }), 'API Key Authorization'],
  ['a key beside a token', async () => ({ ...key, ...authorization(await poolToken()) }), 'API Key Authorization'],
  [
    'a key beside an expired token',
    async () => ({ ...key, ...authorization(await oidcToken(-60)) }),
    'API Key Authorization',
  ],
  ['a key beside a text that nobody knows', () => ({ ...key, ...authorization('meow') }), 'API Key Authorization'],
  ['a wrong key beside a signature', async (request) => ({ ...(await signed(request)), ...wrongKey }), refused],
  ['a wrong key beside a token', async () => ({ ...wrongKey, ...authorization(await poolToken()) }), refused],
  [
    'a wrong key beside what the authoriser knows',
    () => ({ ...wrongKey, ...authorization('token-of-guest') }),
    refused,
  ],
  [
    'a blank key beside a token',
    async () => ({ 'x-api-key': '', ...authorization(await oidcToken()) }),
    'Open ID Connect Authorization',
  ],
];

const toCaller = (headersFor: MakeHeaders): Caller => ({ headersFor: async (request) => headersFor(request) });
const unauthorized = (message: string) => ({ errorType: 'UnauthorizedException', message });

describe.each(combinations)('%s', (_what, makeHeaders, expected) => {
  const caller = toCaller(makeHeaders);
  const isLetIn = expected.endsWith(' Authorization');

  it('should be known for what it is over HTTP', async () => {
    const { status, errorType, body } = await ask(every.graphqlUrl, caller, '{ whoAmI }');
    if (isLetIn) {
      const { data } = body as { data: { whoAmI: string } };
      expect(JSON.parse(data.whoAmI)).toMatchObject({ authType: expected });
    } else {
      expect({ status, errorType, body }).toEqual({
        status: 401,
        errorType: 'UnauthorizedException',
        body: { errors: [unauthorized(expected)] },
      });
    }
  });

  it("should be the same in the handshake of AppSync's protocol", async () => {
    const headers = await caller.headersFor(connectToSign);
    const client = await AppSyncClient.connect({ url: every.realtimeUrl, authorization: headers });
    client.send({ type: 'connection_init' });
    const { type, payload } = await client.waitForMessage();
    if (isLetIn) {
      expect(type).toBe('connection_ack');
      await client.close();
    } else {
      expect({ type, payload }).toEqual({
        type: 'connection_error',
        payload: { errors: [{ ...unauthorized(expected), errorCode: 401 }] },
      });
      expect(await client.waitForClose()).toEqual({ code: 1008, reason: 'Unauthorized' });
    }
  });

  it("should be the same in a start of AppSync's protocol, whoever opened the connection", async () => {
    const client = await AppSyncClient.connect({ url: every.realtimeUrl, authorization: key });
    await client.init();
    client.send(await startMessage('1', 'subscription { onWhoAmI { id } }', caller));
    const { type, payload } = await client.waitForMessage(({ id }) => id === '1');
    expect(type).toBe('error');
    const [error] = (payload as { errors: unknown[] }).errors;
    if (isLetIn) expect(error).toMatchObject({ errorType: 'Identity', errorInfo: { authType: expected } });
    else expect(error).toEqual({ ...unauthorized(expected), errorCode: 401 });
    await client.close();
  });

  it('should be the same in graphql-transport-ws', async () => {
    const client = await GraphqlTransportWsClient.connect({ url: every.realtimeUrl });
    client.send({ type: 'connection_init', payload: await caller.headersFor(connectToSign) });
    if (isLetIn) {
      await client.waitForMessage(({ type }) => type === 'connection_ack');
      client.start('1', 'subscription { onWhoAmI { id } }');
      const { payload } = await client.waitForMessage(({ id }) => id === '1');
      expect(payload).toMatchObject([{ errorType: 'Identity', errorInfo: { authType: expected } }]);
      await client.close();
    } else {
      const { code, reason } = await client.waitForClose();
      expect({ code, reason }).toEqual({ code: 4403, reason: `Forbidden: ${expected}` });
    }
  });
});

describe('credentials in several places of one handshake', () => {
  const inQuery = (headers: Headers): string =>
    `${every.realtimeUrl}?header=${Buffer.from(JSON.stringify(headers)).toString('base64url')}&payload=e30=`;

  /** The first thing that a client of AppSync's protocol is told. */
  async function answerTo(options: Parameters<typeof AppSyncClient.connect>[0]): Promise<unknown> {
    const client = await AppSyncClient.connect(options);
    client.send({ type: 'connection_init' });
    const { type, payload } = await client.waitForMessage();
    await client.close();
    return type === 'connection_ack' ? type : payload;
  }
  const refusal = (message: string) => ({ errors: [{ ...unauthorized(message), errorCode: 401 }] });

  it.each<[string, () => Parameters<typeof AppSyncClient.connect>[0], string]>([
    ['a subprotocol before the query', () => ({ url: inQuery(wrongKey), authorization: key }), 'connection_ack'],
    ['a wrong subprotocol before the query', () => ({ url: inQuery(key), authorization: wrongKey }), refused],
    ['a subprotocol without any', () => ({ url: inQuery(key), authorization: { host: 'localhost' } }), missing],
    [
      'the query before headers of the request',
      () => ({ url: inQuery(wrongKey), authorization: key, carrier: 'headers' }),
      refused,
    ],
    [
      'a token in the query before a key in headers of the request',
      () => ({ url: inQuery(authorization('token-of-guest')), authorization: wrongKey, carrier: 'headers' }),
      'connection_ack',
    ],
  ])("should be taken from one place in AppSync's protocol: %s", async (_what, options, expected) => {
    expect(await answerTo(options())).toEqual(expected === 'connection_ack' ? expected : refusal(expected));
  });

  it.each<[string, Headers, Headers, string]>([
    ['a key before a wrong one of the request', key, wrongKey, 'API Key Authorization'],
    ['a wrong key before that of the request', wrongKey, key, refused],
    ['those of the request without any', {}, authorization('token-of-guest'), 'Lambda Authorization'],
    ['a token, and the key of the request', authorization('token-of-guest'), key, 'API Key Authorization'],
  ])(
    'should be taken from the payload first in graphql-transport-ws: %s',
    async (_what, payload, headers, expected) => {
      const client = await GraphqlTransportWsClient.connect({ url: every.realtimeUrl, headers });
      client.send({ type: 'connection_init', payload });
      if (expected === refused) {
        expect(await client.waitForClose()).toEqual({ code: 4403, reason: `Forbidden: ${refused}` });
        return;
      }
      await client.waitForMessage(({ type }) => type === 'connection_ack');
      client.start('1', 'subscription { onWhoAmI { id } }');
      const answer = await client.waitForMessage(({ id }) => id === '1');
      expect(answer.payload).toMatchObject([{ errorInfo: { authType: expected } }]);
      await client.close();
    },
  );
});

it('should let one connection carry subscriptions of all modes, each with its own rights', async () => {
  const client = await AppSyncClient.connect({ url: every.realtimeUrl, authorization: key });
  await client.init();
  const id = randomUUID();
  const selection = 'id notForApiKey notForIam notForUserPools notForOidc notForLambda';
  const subscription = `subscription { onCreateTask(id: "${id}") { ${selection} } }`;
  for (const { mode, name } of modes) {
    client.send(await startMessage(name, subscription, every.guests[mode]));
    await client.waitForMessage((message) => message.id === name && message.type === 'start_ack');
  }

  await ask(every.graphqlUrl, every.members.AWS_IAM, `mutation { createTask(id: "${id}") { ${selection} } }`);
  for (const { name } of modes) {
    const { payload } = await client.waitForMessage((message) => message.id === name && message.type === 'data');
    expect((payload as { errors: unknown }).errors).toEqual([
      deniedInDelivery(['onCreateTask', `notFor${name}`], 'Task'),
    ]);
  }
  await client.close();
});
