import { createPublicKey } from 'node:crypto';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCognitoVerifier, readCredentials } from '#libs/identity';
import type { CognitoVerifier } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { apiKey, startApi } from './start-api.js';
import type { Api } from './start-api.js';

const query = '{ allTasks { items { id } } }';
const nowS = Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let issuer: TokenIssuer;
let api: Api;
/** What the gateway calls: the api goes through Passport and must answer the same. */
let verifier: CognitoVerifier;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  api = await startApi({ example: 'tasks', issuer });
  verifier = createCognitoVerifier({
    userPoolId: issuer.userPoolId,
    region: 'us-west-2',
    endpoint: issuer.endpoint,
    appIdClientRegex: 'boards-web',
    defaultAction: 'ALLOW',
  });
});
afterAll(async () => {
  await api.stop();
  await issuer.stop();
});

const claims = () => ({
  iss: issuer.issuer,
  sub: 'sub-of-jdoe',
  token_use: 'access',
  client_id: 'boards-web',
  username: 'jdoe',
  'cognito:groups': ['ManagerGroup'],
  exp: nowS + 3600,
});
const unsigned = (header: object, payload: object) => `${encode(header)}.${encode(payload)}.`;

const { refused, expired, unparsable, missing } = unauthorizedTexts;

describe('a hostile token', () => {
  it.each<[string, () => Promise<string> | string, string]>([
    ['algorithm none', () => unsigned({ alg: 'none', kid: issuer.publicKey().kid }, claims()), refused],
    ['no signature', () => unsigned({ alg: 'RS256', kid: issuer.publicKey().kid }, claims()), refused],
    [
      'HS256 with the public key for a secret',
      () => {
        const key = createPublicKey({ key: issuer.publicKey(), format: 'jwk' }).export({ type: 'spki', format: 'pem' });
        return issuer.sign(claims(), { header: { alg: 'HS256' }, key: Buffer.from(key) });
      },
      refused,
    ],
    [
      'a stranger’s key under the id of the pool’s',
      async () => issuer.sign(claims(), { key: (await generateKeyPair('RS256')).privateKey }),
      refused,
    ],
    ['an unknown key id', () => issuer.sign(claims(), { header: { kid: 'unknown' } }), refused],
    ['another issuer', () => issuer.sign({ ...claims(), iss: 'https://accounts.example.com' }), refused],
    ['an issuer with a slash more', () => issuer.sign({ ...claims(), iss: `${issuer.issuer}/` }), refused],
    ['another app client', () => issuer.accessToken({ username: 'jdoe', clientId: 'other' }), refused],
    [
      'an app client with ours inside',
      () => issuer.accessToken({ username: 'jdoe', clientId: 'boards-web-2' }),
      refused,
    ],
    ['another use', () => issuer.sign({ ...claims(), token_use: 'refresh' }), refused],
    ['a beginning that is ahead', () => issuer.sign({ ...claims(), nbf: nowS + 600 }), refused],
    ['no end', () => issuer.sign({ ...claims(), exp: undefined }), refused],
    ['an end that is over', () => issuer.accessToken({ username: 'jdoe', expiresInS: -60 }), expired],
    [
      'an end that is over, and a stranger’s signature',
      async () => issuer.sign({ ...claims(), exp: 0 }, { key: (await generateKeyPair('RS256')).privateKey }),
      refused,
    ],
    ['what is no token', () => 'let-me-in', unparsable],
    ['two parts', () => `${encode({ alg: 'RS256' })}.${encode({})}`, unparsable],
    ['only the word Bearer', () => 'Bearer', missing],
    ['a SigV4 signature, which the API does not take', () => 'AWS4-HMAC-SHA256 Credential=AKIA', missing],
  ])('should be answered as the verifier answers, for %s', async (_what, make, text) => {
    const token = await make();
    const { status, body, headers } = await api.ask(query, { headers: { authorization: token } });
    expect({ status, body }).toEqual({
      status: 401,
      body: { errors: [{ errorType: 'UnauthorizedException', message: text }] },
    });
    expect(headers.get('x-amzn-errortype')).toBe('UnauthorizedException');

    const refusal: unknown = await verifier
      .verify(readCredentials({ authorization: token }, []))
      .catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(RequestError);
    expect((refusal as RequestError).status).toBe(status);
    expect((refusal as RequestError).message).toBe(text);

    const signature = token.split('.')[2];
    if (signature) expect(api.records.join('')).not.toContain(signature);
  });
});

describe('a good token', () => {
  const done = { data: { allTasks: { items: [] } } };

  it.each<[string, (token: string) => string]>([
    ['bare', (token) => token],
    ['after Bearer', (token) => `Bearer ${token}`],
    ['after bearer in small letters', (token) => `bearer   ${token}`],
  ])('should be taken %s, be it an ID or an access token', async (_how, write) => {
    const subject = { username: 'janed', groups: ['ManagerGroup'] };
    for (const token of [await issuer.idToken(subject), await issuer.accessToken(subject)]) {
      const answer = await api.ask(query, { headers: { authorization: write(token) } });
      expect(answer).toMatchObject({ status: 200, body: done });
    }
  });

  it('should open only the fields of its groups', async () => {
    const authorization = await issuer.accessToken({ username: 'jdoe', groups: ['EmployeeGroup'] });
    const { status, body } = await api.ask(query, { headers: { authorization } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { allTasks: null },
      errors: [{ errorType: 'Unauthorized', message: 'Not Authorized to access allTasks on type Query' }],
    });
  });

  it('should be what counts when an API key is sent along, which this API does not take', async () => {
    const authorization = await issuer.accessToken({ username: 'janed', groups: ['ManagerGroup'] });
    const { body } = await api.ask(query, { headers: { authorization, 'x-api-key': apiKey } });
    expect(body).toEqual(done);
  });

  it('should get a failure that can be retried, not a refusal, while the pool’s keys can’t be had', async () => {
    const pool = await startTokenIssuer();
    const away = await startApi({ example: 'tasks', issuer: pool });
    try {
      pool.setDown(true);
      const authorization = await pool.accessToken({ username: 'janed', groups: ['ManagerGroup'] });
      const { status, body, headers } = await away.ask(query, { headers: { authorization } });
      expect(status).toBe(500);
      expect(body).toMatchObject({ errors: [{ errorType: 'InternalFailure' }] });
      expect(headers.get('x-amzn-errortype')).toBe('InternalFailure');
      expect(JSON.stringify(body)).not.toContain(pool.endpoint);
    } finally {
      await away.stop();
      await pool.stop();
    }
  });
});
