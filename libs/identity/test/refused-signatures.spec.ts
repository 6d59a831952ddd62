import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createIamVerifier, parseIamAccess, readCredentials, startRequest } from '#libs/identity';
import type { SentRequest } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { signWithAmplify, signWithSdk } from './request-signers.js';
import type { RequestToSign, SigningScope } from './request-signers.js';

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const temporary = { ...key, accessKeyId: 'ASIAIOSFODNN7EXAMPLE', sessionToken: 'FwoGZXIvYXdzEXAMPLETOKEN' };
const powerless = { ...key, accessKeyId: 'AKIAPOWERLESS', allow: [] };
const access = parseIamAccess(
  JSON.stringify({ accessKeys: [{ ...key, allow: ['*'] }, { ...temporary, allow: ['*'] }, powerless] }),
);

const region = 'eu-central-1';
const signedAt = new Date('2026-11-22T12:00:00Z');
const minutes = (count: number) => count * 60_000;
const toSign = {
  method: 'POST',
  url: 'https://boards.example.com/graphql?a=1',
  headers: { 'content-type': 'application/json', 'x-board': 'b1' },
  body: '{"query":"{ listBoards { id } }"}',
} as const satisfies RequestToSign;
const sent: SentRequest = {
  ...startRequest('/graphql', toSign.body, 'r1'),
  queryString: 'a=1',
};

type Headers = Readonly<Record<string, string | undefined>>;

interface Attempt {
  readonly headers: Headers;
  readonly request?: SentRequest | null;
  readonly nowMs?: number;
}

/** What the verifier says, a minute after the signature: the identity, or the refusal. */
async function outcome({
  headers,
  request = sent,
  nowMs = signedAt.getTime() + minutes(1),
}: Attempt): Promise<unknown> {
  const verifier = createIamVerifier({ access: { current: () => access }, regions: [region], clock: () => nowMs });
  return verifier.verify(readCredentials(headers, [], request)).catch((error: unknown) => error);
}

const sign = (scope: Partial<SigningScope> = {}, request: RequestToSign = toSign) =>
  signWithSdk(request, { key, region, at: signedAt, ...scope });

const authorization = (headers: Headers): string => headers['authorization'] ?? '';
const edited = (headers: Headers, edit: (value: string) => string): Headers => ({
  ...headers,
  authorization: edit(authorization(headers)),
});

function expectRefusal(error: unknown, cause: RegExp, text: string = unauthorizedTexts.refused): void {
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ code: 'UNAUTHORIZED', status: 401, message: text });
  expect((error as RequestError).cause).toMatchObject({ message: expect.stringMatching(cause) as string });
  const printed = inspect(error, { depth: 9 });
  for (const secret of [key.secretAccessKey, temporary.sessionToken]) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(/Signature=|[0-9a-f]{64}/);
}

describe('a signature as it was made', () => {
  it('should be taken', async () => {
    expect(await outcome({ headers: await sign() })).toMatchObject({ mode: 'AWS_IAM', subject: key.accessKeyId });
  });

  it('should be taken again while it is good, as AWS does', async () => {
    const headers = await sign();
    for (const nowMs of [minutes(-5), 0, 0, minutes(5)].map((offset) => signedAt.getTime() + offset)) {
      expect(await outcome({ headers, nowMs })).toMatchObject({ mode: 'AWS_IAM' });
    }
  });
});

describe('a signature of another time', () => {
  it.each([
    { name: 'more than five minutes old', offsetMs: minutes(5) + 1_000, cause: /signed 301 s ago; 300 s are allowed/ },
    { name: 'more than five minutes ahead', offsetMs: -minutes(5) - 1_000, cause: /signed 301 s ahead/ },
    { name: 'replayed a day later', offsetMs: minutes(24 * 60), cause: /signed 86400 s ago/ },
  ])('should be refused: $name', async ({ offsetMs, cause }) => {
    expectRefusal(await outcome({ headers: await sign(), nowMs: signedAt.getTime() + offsetMs }), cause);
  });

  it.each([
    { name: 'no date', date: undefined, cause: /Neither x-amz-date nor date/ },
    { name: 'a blank date', date: '', cause: /Neither/ },
    { name: 'a date that is none', date: '20261322T120000Z', cause: /Neither/ },
    { name: 'another form', date: '2026-11-22T12:00:00Z', cause: /Neither/ },
    { name: 'a date moved by a second', date: '20261122T120001Z', cause: /does not match/ },
    { name: 'another day than the scope', date: '20261123T000000Z', cause: /signed 43140 s ahead/ },
  ])('should be refused: $name', async ({ date, cause }) => {
    expectRefusal(await outcome({ headers: { ...(await sign()), 'x-amz-date': date } }), cause);
  });

  it('should be refused when its scope is of another day', async () => {
    const headers = edited(await sign(), (value) => value.replace('/20261122/', '/20261121/'));
    expectRefusal(await outcome({ headers }), /date in its scope/);
  });
});

describe('an altered request', () => {
  it.each([
    { name: 'the body', request: { ...sent, body: sent.body.replace('id', 'no') } },
    { name: 'a blank in the body', request: { ...sent, body: `${sent.body} ` } },
    { name: 'no body', request: { ...sent, body: '' } },
    { name: 'the path', request: { ...sent, path: '/graphql/connect' } },
    { name: 'a slash at the end of the path', request: { ...sent, path: '/graphql/' } },
    { name: 'the query', request: { ...sent, queryString: 'a=2' } },
    { name: 'another parameter', request: { ...sent, queryString: 'a=1&b=' } },
    { name: 'no query', request: { ...sent, queryString: '' } },
    { name: 'the method', request: { ...sent, method: 'GET' } },
  ] as const)('should be refused: $name', async ({ request }) => {
    expectRefusal(
      await outcome({ headers: await signWithAmplify(toSign, { key, region, at: signedAt }), request }),
      /AKIAIOSFODNN7EXAMPLE does not match the request/,
    );
  });

  it.each([
    { name: 'the host', header: { host: 'other.example.com' }, cause: /does not match/ },
    { name: 'the port', header: { host: 'boards.example.com:4443' }, cause: /does not match/ },
    { name: 'a header', header: { 'x-board': 'b2' }, cause: /does not match/ },
    { name: 'a line break that forges a header', header: { 'x-board': 'b1\nx-c:1' }, cause: /does not match/ },
    {
      name: 'a header that is not sent',
      header: { 'x-board': undefined },
      cause: /x-board is signed and was not sent/,
    },
    { name: 'a host that is not sent', header: { host: undefined }, cause: /host is signed and was not sent/ },
    { name: 'the hash of the body', header: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, cause: /not the hash/ },
    { name: 'a session token that was added', header: { 'x-amz-security-token': 'x' }, cause: /session token/ },
  ])('should be refused: $name', async ({ header, cause }) => {
    expectRefusal(
      await outcome({ headers: { ...(await signWithAmplify(toSign, { key, region, at: signedAt })), ...header } }),
      cause,
    );
  });

  it('should be refused when its body is not the one whose hash was signed', async () => {
    expectRefusal(await outcome({ headers: await sign(), request: { ...sent, body: '{}' } }), /not the hash/);
  });

  it('should be refused when the body was not signed', async () => {
    const headers = { ...toSign.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expectRefusal(await outcome({ headers: await sign({}, { ...toSign, headers }) }), /not the hash/);
  });

  it('should be refused when its query cannot be read', async () => {
    expectRefusal(
      await outcome({
        headers: await signWithAmplify(toSign, { key, region, at: signedAt }),
        request: { ...sent, queryString: 'a=%FF' },
      }),
      /percent-encoded/,
    );
  });

  it('should be refused when it is not known', async () => {
    expectRefusal(
      await outcome({ headers: await signWithAmplify(toSign, { key, region, at: signedAt }), request: null }),
      /not known here/,
    );
  });
});

describe('an authorization header of SigV4', () => {
  it.each([
    { name: 'the scheme alone', edit: () => 'AWS4-HMAC-SHA256', cause: /each once/ },
    { name: 'another algorithm', edit: (value: string) => value.replace('256 ', '512 '), cause: null },
    { name: 'a longer scheme', edit: (value: string) => value.replace('256 ', '256-PAYLOAD '), cause: /each once/ },
    { name: 'no signature', edit: (value: string) => value.replace(/, Signature=.*/, ''), cause: /each once/ },
    { name: 'two signatures', edit: (value: string) => `${value}, Signature=${'0'.repeat(64)}`, cause: /each once/ },
    { name: 'a part of its own', edit: (value: string) => `${value}, X=1`, cause: /each once/ },
    { name: 'a truncated signature', edit: (value: string) => value.slice(0, -1), cause: /64 hexadecimal/ },
    {
      name: 'an empty signature',
      edit: (value: string) => value.replace(/Signature=.*/, 'Signature='),
      cause: /each once/,
    },
    {
      name: 'a signature in capitals',
      edit: (value: string) => value.replace(/\w{64}$/, (text) => text.toUpperCase()),
      cause: /64 hexadecimal/,
    },
    {
      name: 'a wrong signature',
      edit: (value: string) => value.replace(/\w{64}$/, '0'.repeat(64)),
      cause: /does not match/,
    },
    {
      name: 'another terminator',
      edit: (value: string) => value.replace('aws4_request', 'aws4'),
      cause: /credential scope/,
    },
    {
      name: 'a scope that is too long',
      edit: (value: string) => value.replace('aws4_request', 'aws4_request/x'),
      cause: /credential scope/,
    },
    { name: 'no region', edit: (value: string) => value.replace(region, ''), cause: /credential scope/ },
    {
      name: 'an access key id with a blank',
      edit: (value: string) => value.replace(key.accessKeyId, 'AK IA'),
      cause: /each once/,
    },
    {
      name: 'an access key id with a line break',
      edit: (value: string) => value.replace(key.accessKeyId, 'AK%0AIA'),
      cause: /access key id/,
    },
    { name: 'host not among the signed', edit: (value: string) => value.replace(';host', ''), cause: /host is not/ },
    {
      name: 'unsorted names',
      edit: (value: string) => value.replace('content-type;host', 'host;content-type'),
      cause: /sorted/,
    },
    { name: 'a name twice', edit: (value: string) => value.replace('host', 'host;host'), cause: /sorted/ },
    { name: 'a name in capitals', edit: (value: string) => value.replace('host', 'Host'), cause: /sorted/ },
    {
      name: 'an inherited name',
      edit: (value: string) => value.replace('content-type;', 'constructor;content-type;'),
      cause: /constructor is signed and was not sent/,
    },
    {
      name: 'a list with one name less',
      edit: (value: string) => value.replace(';x-board', ''),
      cause: /does not match/,
    },
    {
      name: '100 KB',
      edit: (value: string) => value.replace('host', `host;${'x'.repeat(100_000)}`),
      cause: /more than 4096/,
    },
  ])('should be refused with $name', async ({ edit, cause }) => {
    const headers = edited(await sign(), edit);
    if (cause === null) expect(await outcome({ headers })).toMatchObject({ message: unauthorizedTexts.missing });
    else expectRefusal(await outcome({ headers }), cause);
  });

  it('should be read without blanks after its commas, and with others', async () => {
    const headers = await sign();
    for (const comma of [',', ' ,   ']) {
      expect(await outcome({ headers: edited(headers, (value) => value.replaceAll(', ', comma)) })).toMatchObject({
        mode: 'AWS_IAM',
      });
    }
  });

  it('should be refused with a service, a region or a key that are not ours', async () => {
    expectRefusal(await outcome({ headers: await sign({ service: 'execute-api' }) }), /another service/);
    expectRefusal(await outcome({ headers: await sign({ region: 'us-east-1' }) }), /region that is not ours/);
    const stranger = { ...key, accessKeyId: 'AKIASTRANGER' };
    expectRefusal(await outcome({ headers: await sign({ key: stranger }) }), /access key AKIASTRANGER is not known/);
    const guess = { ...key, secretAccessKey: 'guess' };
    expectRefusal(await outcome({ headers: await sign({ key: guess }) }), /AKIAIOSFODNN7EXAMPLE does not match/);
  });
});

describe('temporary credentials', () => {
  it('should need their session token', async () => {
    const withoutToken = { accessKeyId: temporary.accessKeyId, secretAccessKey: temporary.secretAccessKey };
    expectRefusal(await outcome({ headers: await sign({ key: withoutToken }) }), /session token is not/);
  });

  it('should need the right one', async () => {
    const headers = await sign({ key: { ...temporary, sessionToken: 'FwoGANOTHER' } });
    expectRefusal(await outcome({ headers }), /session token is not/);
  });

  it('should be refused with a token where the key has none', async () => {
    const headers = await sign({ key: { ...key, sessionToken: 'FwoGANOTHER' } });
    expectRefusal(await outcome({ headers }), /session token is not/);
  });
});

describe('other ways to send a signature', () => {
  it('should take a date header in place of x-amz-date', async () => {
    const { 'x-amz-date': date, ...headers } = await sign({ leaveOut: ['x-amz-date'] });
    for (const text of [date, signedAt.toUTCString()]) {
      expect(await outcome({ headers: { ...headers, date: text } })).toMatchObject({ mode: 'AWS_IAM' });
    }
    const later = new Date(signedAt.getTime() + 1_000).toUTCString();
    expectRefusal(await outcome({ headers: { ...headers, date: later } }), /does not match/);
    for (const text of ['yesterday', '2026-11-22', '22 Nov 2026 12:00:00 GMT']) {
      expectRefusal(await outcome({ headers: { ...headers, date: text } }), /Neither/);
    }
  });

  it('should name a presigned address in the log', async () => {
    const request = { ...sent, queryString: 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0' };
    expectRefusal(await outcome({ headers: {}, request }), /presigned/, unauthorizedTexts.missing);
  });

  it('should take the hash of the body as a header', async () => {
    const hash = createHash('sha256').update(toSign.body).digest('hex');
    const headers = await sign({}, { ...toSign, headers: { 'x-amz-content-sha256': hash } });
    expect(await outcome({ headers })).toMatchObject({ mode: 'AWS_IAM' });
  });
});

describe('a signer without any right', () => {
  it('should be told so', async () => {
    const { accessKeyId, secretAccessKey } = powerless;
    const error = await outcome({ headers: await sign({ key: { accessKeyId, secretAccessKey } }) });
    expectRefusal(error, /policy of AKIAPOWERLESS allows no field/, unauthorizedTexts.denied);
  });
});
