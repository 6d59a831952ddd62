import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIamVerifier, parseIamAccess, readCredentials, startRequest } from '#libs/identity';
import type { SentRequest } from '#libs/identity';
import { RequestError } from '#libs/protocol';
import { signWithAmplify, signWithSdk } from './request-signers.js';

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const scope = { key, region: 'eu-central-1' };
const access = parseIamAccess(JSON.stringify({ accessKeys: [{ ...key, allow: ['*'] }] }));
const verifier = createIamVerifier({ access: { current: () => access } });

const host = 'boards.example.com';
const body = '{"query":"mutation { createTask(title: \\"ä\\") { id } }"}';
const sent: SentRequest = { ...startRequest('/v1/graphql', body, 'r1'), queryString: 'a=1&b=%C3%A4' };
const toSign = {
  method: 'POST',
  url: `https://${host}${sent.path}?${sent.queryString}`,
  headers: { 'x-board': 'b1 b2' },
  body,
} as const;

/** Printable and without blanks, which may be there or not in a header. */
const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

/** The text with one character changed; never the same text. */
const altered = (text: string) =>
  fc
    .tuple(fc.nat({ max: text.length - 1 }), visible)
    .filter(([at, character]) => text[at] !== character)
    .map(([at, character]) => `${text.slice(0, at)}${character}${text.slice(at + 1)}`);

/** What a query says, whichever way it is spelled: `%C3%A4` and `%c3%a4` are the same, and sign the same. */
const readQuery = (text: string) => new URLSearchParams(text).toString();

describe('a signature', () => {
  it.each([
    ["AWS's SDK", signWithSdk],
    ['Amplify', signWithAmplify],
  ])('of %s should be refused whichever character of a signed part was changed', async (_name, sign) => {
    const headers = await sign(toSign, scope);
    const change = fc.oneof(
      ...Object.entries(headers).map(([name, value]) =>
        altered(value).map((text) => ({ headers: { ...headers, [name]: text }, request: sent })),
      ),
      ...(['body', 'path', 'queryString'] as const).map((part) =>
        altered(sent[part])
          .filter((text) => part !== 'queryString' || readQuery(text) !== readQuery(sent.queryString))
          .map((text) => ({ headers, request: { ...sent, [part]: text } })),
      ),
    );
    await expect(verifier.verify(readCredentials(headers, [], sent))).resolves.toBeDefined();
    await fc.assert(
      fc.asyncProperty(change, async (attempt) => {
        const refusal = verifier.verify(readCredentials(attempt.headers, [], attempt.request));
        await expect(refusal).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      }),
      { numRuns: 500 },
    );
  });

  it('should meet a refusal and no other error, whatever is sent', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }));
    const attempt = fc.record({
      headers: fc.dictionary(fc.oneof(fc.constantFrom('host', 'x-amz-date', 'x-amz-security-token'), text), text),
      authorization: text,
      signedHeaders: fc.array(fc.constantFrom('host', 'x-amz-date', '__proto__', 'constructor'), { maxLength: 4 }),
      request: fc.record({ path: text, queryString: text, body: text }),
    });
    await fc.assert(
      fc.asyncProperty(attempt, async ({ headers, authorization, signedHeaders, request }) => {
        const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
        const readable = `Credential=AKIA/${day}/r/appsync/aws4_request,SignedHeaders=${signedHeaders.join(';')},Signature=${'0'.repeat(64)}`;
        for (const value of [authorization, `AWS4-HMAC-SHA256 ${authorization}`, `AWS4-HMAC-SHA256 ${readable}`]) {
          const now = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
          const all = { 'x-amz-date': now, ...headers, authorization: value };
          const credentials = readCredentials(all, [], { ...sent, ...request });
          const error: unknown = await verifier.verify(credentials).catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(RequestError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
