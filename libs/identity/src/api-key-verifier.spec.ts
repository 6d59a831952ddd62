import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { unauthorizedTexts } from '#libs/protocol';
import { createApiKeyVerifier } from './api-key-verifier.js';
import { readCredentials } from './credentials.js';

const key = 'da2-boardsboardsboardsboards01';
const withKey = (value: string) => readCredentials({ 'x-api-key': value }, ['127.0.0.1']);

describe('an API key', () => {
  it('should name nobody', async () => {
    const identity = await createApiKeyVerifier({ keys: [{ id: 'web', key }] }).verify(withKey(key));
    expect(identity).toEqual({
      mode: 'API_KEY',
      authType: 'API Key Authorization',
      context: null,
      groups: [],
      subject: null,
      expiresAtMs: null,
      allowsField: null,
    });
  });

  it.each([`${key}x`, key.slice(1), key.toUpperCase(), 'da2-', '\u0000'])('should be refused as %j', async (sent) => {
    const refusal = createApiKeyVerifier({ keys: [{ id: 'web', key }] }).verify(withKey(sent));
    await expect(refusal).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: unauthorizedTexts.refused });
  });

  it('should work until the instant it expires', async () => {
    let nowMs = 999;
    const verifier = createApiKeyVerifier({ keys: [{ id: 'web', key, expiresAtMs: 1000 }], clock: () => nowMs });
    expect((await verifier.verify(withKey(key))).expiresAtMs).toBe(1000);
    nowMs = 1000;
    await expect(verifier.verify(withKey(key))).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should tell the log, and no client, whether it is unknown or has expired', async () => {
    const verifier = createApiKeyVerifier({ keys: [{ id: 'web', key, expiresAtMs: 1000 }] });
    await expect(verifier.verify(withKey(key))).rejects.toMatchObject({
      message: unauthorizedTexts.refused,
      cause: { message: 'The API key "web" has expired at 1970-01-01T00:00:01.000Z.' },
    });
    await expect(verifier.verify(withKey(`${key}x`))).rejects.toMatchObject({
      message: unauthorizedTexts.refused,
      cause: { message: 'The API has no such key.' },
    });
  });

  it('should work beside the next one while clients move to it', async () => {
    const next = key.replace('01', '02');
    const keys = [
      { id: 'old', key, expiresAtMs: 1000 },
      { id: 'next', key: next },
    ];
    const verifier = createApiKeyVerifier({ keys, clock: () => 500 });
    expect((await verifier.verify(withKey(key))).expiresAtMs).toBe(1000);
    expect((await verifier.verify(withKey(next))).expiresAtMs).toBeNull();
  });

  it('should match although its file ended in a newline', async () => {
    const verifier = createApiKeyVerifier({ keys: [{ id: 'web', key: `${key}\n` }] });
    await expect(verifier.verify(withKey(key))).resolves.toBeDefined();
  });

  it('should be missed when the header is not there or blank', async () => {
    const verifier = createApiKeyVerifier({ keys: [{ id: 'web', key }] });
    expect(verifier.claims(withKey(' '))).toBe(false);
    await expect(verifier.verify(readCredentials({}, []))).rejects.toThrow(unauthorizedTexts.missing);
  });

  it('should be refused at start when it is blank, without showing the others', () => {
    expect(() =>
      createApiKeyVerifier({
        keys: [
          { id: 'web', key },
          { id: 'ci', key: ' ' },
        ],
      }),
    ).toThrow('API key "ci" is blank.');
  });

  it('should not be in the error that refuses it', async () => {
    const error: unknown = await createApiKeyVerifier({ keys: [{ id: 'web', key }] })
      .verify(withKey('da2-guess'))
      .catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 10 })).not.toMatch(/da2-/);
  });
});
