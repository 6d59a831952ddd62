import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseIamAccess, readCredentials, startRequest } from '#libs/identity';
import type { Identity } from '#libs/identity';
import { freePorts, startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { assembleApi } from '../src/index.js';
import type { AssembledApi, AssemblySettings, Refusal } from '../src/index.js';
import { defineModes } from './define-modes.js';
import type { Modes } from './define-modes.js';

const credentials = { accessKeyId: 'AKIATASKS', secretAccessKey: 'a-secret-of-forty-characters-or-so-it-is' };
const accessFile = JSON.stringify({
  accessKeys: [{ ...credentials, userArn: 'arn:aws:iam::111122223333:user/backend', allow: ['Query.task'] }],
});
const access = parseIamAccess(accessFile);
const document = JSON.stringify({ query: 'query Ask { task }' });

let pool: TokenIssuer;
let issuer: TokenIssuer;
let stranger: TokenIssuer;

beforeAll(async () => {
  pool = await startTokenIssuer({ userPoolId: 'local_pool' });
  issuer = await startTokenIssuer({ userPoolId: 'login' });
  stranger = await startTokenIssuer({ userPoolId: 'elsewhere' });
});
afterAll(() => Promise.all([pool, issuer, stranger].map((one) => one.stop())));

const apiKey = { authenticationType: 'API_KEY' };
const iam = { authenticationType: 'AWS_IAM' };
const userPool = {
  authenticationType: 'AMAZON_COGNITO_USER_POOLS',
  userPoolConfig: { userPoolId: 'local_pool', awsRegion: 'us-west-2', appIdClientRegex: 'boards-.*' },
};
const openId = () => ({
  authenticationType: 'OPENID_CONNECT',
  openIDConnectConfig: { issuer: `${issuer.issuer}/`, clientId: 'boards-(web|mobile)', iatTTL: 60_000 },
});
const lambda = {
  authenticationType: 'AWS_LAMBDA',
  lambdaAuthorizerConfig: { authorizerUri: './functions/authorizer.mjs' },
};
const allModes = (): Modes => [apiKey, lambda, openId(), userPool, iam];

/** An API of these modes, closed when the test is over. */
async function assemble(modes: Modes, settings: AssemblySettings = {}): Promise<AssembledApi> {
  const hasKeys = modes.includes(apiKey);
  const definition = await defineModes(modes, hasKeys ? [{ id: 'web', key: 'da2-good' }] : undefined);
  const assembled = assembleApi(definition, {
    cognitoEndpoint: pool.endpoint,
    iamAccess: { current: () => access },
    ...settings,
  });
  onTestFinished(() => assembled.close());
  return assembled;
}

/** Who sends these headers with the document, or the text of the refusal. */
async function askWho({ authenticator }: AssembledApi, headers: object): Promise<Identity | string> {
  const request = startRequest('/graphql', document, 'request-1');
  try {
    return await authenticator.authenticate(readCredentials(headers, ['192.0.2.1'], request));
  } catch (error) {
    return (error as Error).message;
  }
}

async function signature(): Promise<Record<string, string>> {
  const signer = new SignatureV4({ credentials, region: 'us-west-2', service: 'appsync', sha256: Sha256 });
  const signed = await signer.sign({
    method: 'POST',
    protocol: 'https:',
    hostname: 'api.example.com',
    path: '/graphql',
    headers: { host: 'api.example.com' },
    body: document,
  });
  return signed.headers;
}

const byKey = { mode: 'API_KEY', context: null };
const byIam = { mode: 'AWS_IAM', subject: 'arn:aws:iam::111122223333:user/backend' };
const byPool = { mode: 'AMAZON_COGNITO_USER_POOLS', subject: 'sub-of-ann', context: { username: 'ann' } };
const byIssuer = { mode: 'OPENID_CONNECT', subject: 'sub-of-ann', context: { sourceIp: ['192.0.2.1'] } };
const byLambda = (authorizationToken: string) => ({
  mode: 'AWS_LAMBDA',
  context: { resolverContext: { authorizationToken, apiId: 'tasks' } },
});
const refused = 'You are not authorized to make this call.';
const missing = 'Valid authorization header not provided.';

describe('each mode by itself', () => {
  it.each<[string, () => Modes, () => Promise<object>, object]>([
    ['an API key', () => [apiKey], async () => ({ 'x-api-key': 'da2-good' }), byKey],
    ['a signature', () => [iam], signature, byIam],
    ['a token of a user pool', () => [userPool], async () => bearer(await pool.idToken({ username: 'ann' })), byPool],
    ['a token of an issuer', () => [openId()], async () => bearer(await issuer.idToken({ username: 'ann' })), byIssuer],
    ['a text of any kind', () => [lambda], async () => bearer('Basic YTpi'), byLambda('Basic YTpi')],
  ])('should let in %s', async (_what, modes, headers, identity) => {
    expect(await askWho(await assemble(modes()), await headers())).toMatchObject(identity);
  });

  it('should have what its credentials exclude', async () => {
    const assembled = await assemble(allModes());
    const allowed = async (headers: object) => {
      const identity = (await askWho(assembled, headers)) as Identity;
      return ['task', 'secret', 'hidden'].filter((field) => identity.allowsField?.('Query', field) ?? true);
    };

    expect(await allowed(await signature())).toEqual(['task']);
    expect(await allowed(bearer('anybody'))).toEqual(['task']);
    expect(await allowed({ 'x-api-key': 'da2-good' })).toEqual(['task', 'secret', 'hidden']);
  });
});

describe('all modes at once', () => {
  const good = { 'x-api-key': 'da2-good' };
  const poolToken = (expiresInS?: number) => pool.idToken({ username: 'ann', expiresInS });
  const issuerToken = (clientId?: string) => issuer.accessToken({ username: 'ann', clientId });

  it.each<[string, () => Promise<object>, object | string]>([
    ['a key', async () => good, byKey],
    ['a signature', signature, byIam],
    ['a token of the user pool', async () => bearer(await poolToken()), byPool],
    ['a token of the issuer, after Bearer', async () => bearer(`Bearer ${await idTokenOfIssuer()}`), byIssuer],
    ['any other text', async () => bearer('whoever'), byLambda('whoever')],
    ['a text that the function denies', async () => bearer('no'), refused],
    ['nothing', async () => ({}), missing],
    ['blanks', async () => ({ 'x-api-key': ' ', authorization: ' ' }), missing],
    ['a good key beside a token that is none', async () => ({ ...good, ...bearer('no') }), byKey],
    [
      'a wrong key beside a good token',
      async () => ({ 'x-api-key': 'da2-bad', ...bearer(await poolToken()) }),
      refused,
    ],
    ['a wrong key beside a good signature', async () => ({ 'x-api-key': 'da2-bad', ...(await signature()) }), refused],
    ['an altered signature', async () => ({ ...(await signature()), 'x-amz-date': '20200101T000000Z' }), refused],
    ['half a signature', async () => bearer('AWS4-HMAC-SHA256 Credential=AKIATASKS'), refused],
    ['a token of the user pool that has expired', async () => bearer(await poolToken(-60)), 'Token has expired.'],
    ['a token of the issuer for another client', async () => bearer(await issuerToken('others')), refused],
  ])('should ask one verifier, and no other, of %s', async (_what, headers, answer) => {
    const found = await askWho(await assemble(allModes()), await headers());

    if (typeof answer === 'string') expect(found).toBe(answer);
    else expect(found).toMatchObject(answer);
  });

  it('should leave a token of a stranger to the function', async () => {
    const token = await stranger.idToken({ username: 'ann' });

    expect(await askWho(await assemble(allModes()), bearer(token))).toMatchObject(byLambda(token));
  });

  const idTokenOfIssuer = () => issuer.idToken({ username: 'ann' });
});

describe('credentials of a mode that the API does not have', () => {
  it('should be a text like any other for a function that decides', async () => {
    const signed = await signature();

    expect(await askWho(await assemble([lambda]), signed)).toMatchObject(byLambda(signed.authorization!));
  });

  it.each<[string, () => Promise<object>, string]>([
    ['a key', async () => ({ 'x-api-key': 'da2-good' }), missing],
    ['a signature', signature, missing],
    ['a token of a stranger', async () => bearer(await stranger.idToken({ username: 'ann' })), refused],
    ['a text', async () => bearer('whoever'), 'Unable to parse JWT token.'],
  ])('should be refused without one: %s', async (_what, headers, text) => {
    expect(await askWho(await assemble([userPool, openId()]), await headers())).toBe(text);
  });

  it('should be refused: a token, by an API of keys', async () => {
    expect(await askWho(await assemble([apiKey]), bearer(await pool.idToken({ username: 'ann' })))).toBe(missing);
  });
});

describe('what the operator is told', () => {
  it('should be why credentials were refused, without them', async () => {
    const refusals: Refusal[] = [];
    const token = await issuer.idToken({ username: 'ann', clientId: 'others' });
    const assembled = await assemble(allModes(), { onRefusal: (refusal) => refusals.push(refusal) });
    await askWho(assembled, bearer(token));
    await askWho(assembled, {});
    await askWho(assembled, { 'x-api-key': 'da2-good' });

    expect(refusals).toEqual([
      { code: 'UNAUTHORIZED', message: refused, reasons: [expect.any(String)], requestId: 'request-1' },
      { code: 'UNAUTHORIZED', message: missing, reasons: [], requestId: 'request-1' },
    ]);
    for (const part of token.split('.')) expect(JSON.stringify(refusals)).not.toContain(part);
  });

  it.each([
    ['us-west-2_abc123', undefined, []],
    ['local_pool', 'http://127.0.0.1:9', []],
    ['eu-west-1_abc123', undefined, ['The user pool is none of AWS']],
    ['abc123', undefined, ['The user pool is none of AWS']],
  ])(
    'should be that no pool of AWS has the id %s, with the endpoint %s',
    async (userPoolId, cognitoEndpoint, texts) => {
      const told: string[] = [];
      const mode = {
        authenticationType: 'AMAZON_COGNITO_USER_POOLS',
        userPoolConfig: { userPoolId, awsRegion: 'us-west-2' },
      };
      await assemble([mode] as Modes, { cognitoEndpoint, onProviderFault: (_error, text) => told.push(text) });
      expect(told).toEqual(texts);
    },
  );

  const later = 'Credentials cannot be verified at the moment.';

  it.each(['pool', 'issuer'] as const)('should be that keys of the %s cannot be read', async (which) => {
    const own = await startTokenIssuer({ userPoolId: 'local_pool' });
    onTestFinished(() => own.stop());
    const token = await own.idToken({ username: 'ann' });
    own.setDown(true);
    const modes: Modes =
      which === 'pool'
        ? [userPool]
        : [{ authenticationType: 'OPENID_CONNECT', openIDConnectConfig: { issuer: own.issuer } }];
    const faults: string[] = [];
    const refusals: Refusal[] = [];
    const assembled = await assemble(modes, {
      cognitoEndpoint: own.endpoint,
      onProviderFault: (_error, text) => faults.push(text),
      onRefusal: (refusal) => refusals.push(refusal),
    });

    expect(await askWho(assembled, bearer(token))).toBe(later);
    expect(new Set(faults)).toEqual(
      new Set([
        which === 'pool'
          ? 'The keys of the user pool local_pool could not be read'
          : `The keys of the issuer ${own.issuer} could not be read`,
      ]),
    );
    expect(refusals).toMatchObject([{ code: 'INTERNAL_FAILURE', message: later }]);
  });

  it('should be that a function does not answer', async () => {
    const [port] = await freePorts(1);
    const faults: string[] = [];
    const config = { authorizerUri: `http://127.0.0.1:${port}/` };
    const assembled = await assemble([{ authenticationType: 'AWS_LAMBDA', lambdaAuthorizerConfig: config }], {
      onProviderFault: (_error, text) => faults.push(text),
    });

    expect(await askWho(assembled, bearer('whoever'))).toBe(later);
    expect(faults).toEqual(['The Lambda authorizer did not answer.']);
  });
});

describe('access keys of AWS_IAM', () => {
  /** The text of a file in a folder that is gone when the test is over. */
  async function writeAccess(text: string): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'starling-access-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, 'access.yaml'), text);
    return join(dir, 'access.yaml');
  }
  const start = async (iamCredentialsFile?: string) => {
    const definition = await defineModes([iam]);
    return () => assembleApi(definition, { iamCredentialsFile });
  };

  it('should be read from a file', async () => {
    const iamCredentialsFile = await writeAccess(accessFile);
    const assembled = await assemble([iam], { iamAccess: undefined, iamCredentialsFile });

    expect(await askWho(assembled, await signature())).toMatchObject(byIam);
  });

  it('should be wanted at the start, with what to set', async () => {
    expect(await start()).toThrow(
      'The API tasks cannot be served here:\n  AWS_IAM needs access keys. Set IAM_CREDENTIALS_FILE to the path of a file with them, or take AWS_IAM out of starling.yaml.',
    );
  });

  it('should be told to be missing, or of no use, at the start', async () => {
    expect(await start('/nowhere/access.yaml')).toThrow(
      'The API tasks cannot be served here:\n  IAM_CREDENTIALS_FILE (/nowhere/access.yaml) cannot be used. There is no such file.',
    );
    expect(await start(tmpdir())).toThrow(/IAM_CREDENTIALS_FILE .* cannot be used\. EISDIR/);
    expect(await start(await writeAccess('accessKeys: [{ accessKeyId: a }]'))).toThrow(
      /IAM_CREDENTIALS_FILE .* cannot be used\. The IAM access file has .*faults?:\nline 1: /,
    );
  });

  it('should not be asked for by an API without AWS_IAM', async () => {
    const definition = await defineModes([lambda]);

    expect(() => assembleApi(definition, { iamCredentialsFile: '/nowhere' })).not.toThrow();
  });
});

it('should end the function when the API is closed', async () => {
  const assembled = await assemble([lambda]);
  const { context } = (await askWho(assembled, bearer('whoever'))) as Identity;
  const { pid } = context!['resolverContext'] as { pid: number };
  expect(process.kill(pid, 0)).toBe(true);

  await assembled.close();
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
});

function bearer(authorization: string): { readonly authorization: string } {
  return { authorization };
}
