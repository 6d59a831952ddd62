import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIamVerifier, parseIamAccess, readCredentials } from '#libs/identity';
import type { StsOptions } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { signProof, startStsServer } from './sts-server.js';
import type { ProofToSign, StsServer } from './sts-server.js';

const key = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'FwoGZXIvYXdzEXAMPLE//TOKEN+==',
};
const arn = 'arn:aws:sts::111122223333:assumed-role/Backend/i-0123';
const access = parseIamAccess(`
principals:
  - userArn: arn:aws:sts::111122223333:assumed-role/Backend/*
    allow: [Mutation.*]
  - userArn: arn:aws:sts::111122223333:assumed-role/*
    allow: [Query.*]
    deny: [Mutation.deleteBoard]
`);

let sts: StsServer;
beforeEach(async () => {
  sts = await startStsServer(key, arn);
});
afterEach(() => sts.stop());

function verifierWith(options: Partial<StsOptions> & { readonly clock?: () => number } = {}) {
  const { clock = Date.now, ...rest } = options;
  const settings = { apiName: 'boards', endpoint: sts.endpoint, timeoutMs: 500, ...rest };
  return createIamVerifier({ access: { current: () => access }, sts: settings, clock });
}
const credentialsWith = (authorization: string) => readCredentials({ authorization }, ['203.0.113.7']);
const proof = (proofToSign: Partial<ProofToSign> = {}) =>
  signProof({ endpoint: sts.endpoint, apiName: 'boards', key, ...proofToSign });

const refusalOf = async (authorization: string, verifier = verifierWith()): Promise<unknown> =>
  verifier.verify(credentialsWith(authorization)).catch((error: unknown) => error);

function expectRefusal(error: unknown, cause: RegExp, message: string = unauthorizedTexts.refused): void {
  expect(error).toMatchObject({ code: 'UNAUTHORIZED', message });
  expect(error).toHaveProperty('cause.message', expect.stringMatching(cause));
}

describe('a proof by STS', () => {
  it('should tell who the caller is', async () => {
    const identity = await verifierWith().verify(credentialsWith(await proof()));
    expect(identity).toMatchObject({ mode: 'AWS_IAM', subject: arn, expiresAtMs: null });
    expect(identity.context).toEqual({
      accountId: '111122223333',
      cognitoIdentityPoolId: null,
      cognitoIdentityId: null,
      sourceIp: ['203.0.113.7'],
      username: 'AROAEXAMPLE:i-0123',
      userArn: arn,
      cognitoIdentityAuthType: null,
      cognitoIdentityAuthProvider: null,
    });
  });

  it('should give the rights of all principals that match', async () => {
    const { allowsField } = await verifierWith().verify(credentialsWith(await proof()));
    expect(allowsField?.('Mutation', 'createBoard')).toBe(true);
    expect(allowsField?.('Query', 'getBoard')).toBe(true);
    expect(allowsField?.('Mutation', 'deleteBoard')).toBe(false);
    expect(allowsField?.('Board', 'id')).toBe(false);
  });

  it('should ask STS once, also when it comes ten times at once', async () => {
    const verifier = verifierWith();
    const credentials = credentialsWith(await proof());
    await Promise.all(Array.from({ length: 10 }, () => verifier.verify(credentials)));
    await verifier.verify(credentials);
    expect(sts.questions).toBe(1);
  });

  it('should be refused once its time is up, though its answer was kept', async () => {
    let nowMs = Date.now();
    const verifier = verifierWith({ clock: () => nowMs });
    const authorization = await proof({ expiresInS: 60 });
    await verifier.verify(credentialsWith(authorization));
    nowMs += 61_000;
    expectRefusal(await refusalOf(authorization, verifier), /has expired/, unauthorizedTexts.expired);
    expect(sts.questions).toBe(1);
  });

  it('should be refused when nobody listed the caller', async () => {
    const stranger = createIamVerifier({
      access: { current: () => parseIamAccess('{}') },
      sts: { apiName: 'boards', endpoint: sts.endpoint },
    });
    expectRefusal(await refusalOf(await proof(), stranger), /policy of .* allows no field/, unauthorizedTexts.denied);
  });

  it('should be refused when it was made for another API, though its signature is right there', async () => {
    expectRefusal(await refusalOf(await proof({ apiName: 'staging' })), /STS refused the proof with status 403/);
  });

  it('should not be asked about again after STS refused it', async () => {
    const verifier = verifierWith();
    const authorization = await proof({ key: { ...key, secretAccessKey: 'guess' } });
    for (let times = 0; times < 3; times++) expectRefusal(await refusalOf(authorization, verifier), /status 403/);
    expect(sts.questions).toBe(1);
  });

  it('should be no credentials of this mode where STS is not asked for', () => {
    const verifier = createIamVerifier({ access: { current: () => access } });
    expect(verifier.claims(credentialsWith('starling-sts.aHR0cHM'))).toBe(false);
    expect(verifierWith().claims(credentialsWith('starling-sts.aHR0cHM'))).toBe(true);
  });
});

describe('a proof that STS must not be asked about', () => {
  const address = (edit: (url: URL) => void) => async () => {
    const [, encoded = ''] = (await proof()).split('.');
    const url = new URL(Buffer.from(encoded, 'base64url').toString());
    edit(url);
    return `starling-sts.${Buffer.from(url.href).toString('base64url')}`;
  };

  it.each([
    { name: 'no address', make: () => 'starling-sts.!', cause: /no address/ },
    { name: 'nothing', make: () => 'starling-sts.', cause: /no address/ },
    { name: '100 KB', make: () => `starling-sts.${'a'.repeat(100_000)}`, cause: /more than 8192/ },
    { name: 'another host', make: address((url) => (url.host = '169.254.169.254')), cause: /not that of STS/ },
    { name: 'another port', make: address((url) => (url.port = '1')), cause: /not that of STS/ },
    { name: 'another scheme', make: address((url) => (url.protocol = 'https:')), cause: /not that of STS/ },
    { name: 'a path', make: address((url) => (url.pathname = '/latest/meta-data')), cause: /not that of STS/ },
    { name: 'a user', make: address((url) => (url.username = 'sts')), cause: /not that of STS/ },
    { name: 'another question', make: () => proof({ action: 'AssumeRole' }), cause: /GetCallerIdentity/ },
    {
      name: 'two questions',
      make: address((url) => url.searchParams.append('action', 'GetCallerIdentity')),
      cause: /action twice/,
    },
    {
      name: 'a parameter of its own',
      make: address((url) => url.searchParams.append('RoleArn', 'x')),
      cause: /does not belong/,
    },
    { name: 'too long a life', make: () => proof({ expiresInS: 901 }), cause: /1 to 900 seconds/ },
    {
      name: 'no life',
      make: address((url) => url.searchParams.set('X-Amz-Expires', '0')),
      cause: /1 to 900 seconds/,
    },
    {
      name: 'an unsigned API name',
      make: address((url) => url.searchParams.set('X-Amz-SignedHeaders', 'host')),
      cause: /not both among/,
    },
    {
      name: 'another algorithm',
      make: address((url) => url.searchParams.set('X-Amz-Algorithm', 'none')),
      cause: /AWS4-HMAC-SHA256/,
    },
    { name: 'no date', make: address((url) => url.searchParams.delete('X-Amz-Date')), cause: /when it was signed/ },
    { name: 'a future', make: () => proof({ at: new Date(Date.now() + 600_000) }), cause: /in the future/ },
  ])('should be refused: $name', async ({ make, cause }) => {
    expectRefusal(await refusalOf(await make()), cause);
    expect(sts.questions).toBe(0);
  });

  it('should be refused when it is old', async () => {
    const old = await proof({ at: new Date(Date.now() - 901_000) });
    expectRefusal(await refusalOf(old), /has expired/, unauthorizedTexts.expired);
    expect(sts.questions).toBe(0);
  });

  it.each([
    'https://sts.amazonaws.com.example.com/',
    'https://sts.evil.example.amazonaws.com/',
    'https://sts-eu.amazonaws.com/',
    // A bucket of that name, and whatever another service puts below the domain.
    'https://sts.s3.amazonaws.com/',
    'https://sts.s3-eu-west-1.amazonaws.com/',
    'https://stsxamazonaws.com/',
    'http://sts.amazonaws.com/',
    'https://sts.amazonaws.com:8443/',
    'https://s3.amazonaws.com/',
  ])('should be refused when its address is %s', async (endpoint) => {
    const verifier = verifierWith({ endpoint: null });
    expectRefusal(await refusalOf(await proof({ endpoint }), verifier), /not that of STS/);
  });
});

describe('STS', () => {
  it.each([
    { name: 'throttles', status: 400, body: '{"Error":{"Code":"Throttling"}}', cause: /status 400/ },
    { name: 'fails', status: 503, body: '', cause: /status 503/ },
    { name: 'redirects', status: 302, body: '', cause: /status 302/ },
    { name: 'says nothing', status: 200, body: '', cause: /no JSON/ },
    { name: 'lies', status: 200, body: '{"GetCallerIdentityResponse":[]}', cause: /does not say who/ },
    { name: 'floods', status: 200, body: ' '.repeat(20_000), cause: /more than 16384 bytes/ },
  ])('should be asked again after it $name', async ({ status, body, cause }) => {
    const verifier = verifierWith();
    const authorization = await proof();
    sts.answerWith = (response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
    const error = await refusalOf(authorization, verifier);
    expect(error).toMatchObject({ code: 'INTERNAL_FAILURE', message: 'Credentials cannot be verified at the moment.' });
    expect(error).toHaveProperty('cause.message', expect.stringMatching(cause));
    sts.answerWith = null;
    expect((await verifier.verify(credentialsWith(authorization))).subject).toBe(arn);
  });

  it.each([
    { name: 'is silent', answer: () => undefined, cause: /did not answer \(TimeoutError\)/ },
    {
      name: 'stops in the middle',
      answer: (response: { writeHead(status: number): { write(text: string): void } }) =>
        response.writeHead(200).write('{'),
      cause: /broke off \(TimeoutError\)/,
    },
  ])('should not hold up its callers when it $name', async ({ answer, cause }) => {
    sts.answerWith = answer;
    const error = await refusalOf(await proof());
    expect(error).toMatchObject({ code: 'INTERNAL_FAILURE' });
    expect(error).toHaveProperty('cause.message', expect.stringMatching(cause));
  });

  it('should leave no credential in an error when it is away', async () => {
    const authorization = await proof();
    await sts.stop();
    const error = await refusalOf(authorization);
    expect(error).toMatchObject({ code: 'INTERNAL_FAILURE' });
    expect(error).toHaveProperty('cause.message', 'STS did not answer (ECONNREFUSED).');
    expect(inspect(error, { depth: 9 })).not.toMatch(/X-Amz|FwoGZX|AKIA|ASIA/);
  });

  it('should not be asked more questions at a time than allowed', async () => {
    sts.answerWith = () => undefined;
    const verifier = verifierWith({ maxPending: 1 });
    const first = refusalOf(await proof({ expiresInS: 800 }), verifier);
    const second = await refusalOf(await proof({ expiresInS: 801 }), verifier);
    expect(second).toMatchObject({ code: 'INTERNAL_FAILURE' });
    expect(second).toHaveProperty('cause.message', '1 questions to STS are waiting already.');
    await first;
  });

  it('should be asked again about a proof that was pushed out of the cache', async () => {
    const verifier = verifierWith({ maxCached: 1 });
    const proofs = [await proof({ expiresInS: 800 }), await proof({ expiresInS: 801 })];
    for (const authorization of [...proofs, ...proofs]) await verifier.verify(credentialsWith(authorization));
    expect(sts.questions).toBe(4);
  });
});
