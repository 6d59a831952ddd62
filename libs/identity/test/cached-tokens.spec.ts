import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createCognitoVerifier,
  createKeySet,
  createOpenIdConnectVerifier,
  createTokenCache,
  readCredentials,
} from '#libs/identity';
import type { KeySet, TokenCache, Verifier } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';

const startMs = 1_700_000_000_000;

let issuer: TokenIssuer;
let nowMs: number;
let monotonicMs: number;
let finds: number;
let keySet: KeySet;
let cache: TokenCache;
beforeEach(async () => {
  nowMs = startMs;
  monotonicMs = 0;
  finds = 0;
  cache = createTokenCache();
  issuer = await startTokenIssuer({ clock: () => nowMs });
  const keys = createKeySet({ url: `${issuer.issuer}/.well-known/jwks.json`, clock: () => monotonicMs });
  keySet = {
    current: (keyId) => keys.current(keyId),
    find(keyId) {
      finds += 1;
      return keys.find(keyId);
    },
  };
});
afterEach(() => issuer.stop());

const clock = () => nowMs;
const pool = (changes: { readonly appIdClientRegex?: string } = {}) => {
  const { endpoint, userPoolId } = issuer;
  const options = {
    endpoint,
    userPoolId,
    region: 'eu-central-1',
    defaultAction: 'ALLOW',
    keySet,
    cache,
    clock,
  } as const;
  return createCognitoVerifier({ ...options, ...changes });
};
const openId = () => createOpenIdConnectVerifier({ issuer: issuer.issuer, keySet, cache, clock });

const signIn = () => issuer.idToken({ username: 'jdoe', expiresInS: 60 });
const verify = (verifier: Verifier, token: string, address = '127.0.0.1') =>
  verifier.verify(readCredentials({ authorization: token }, [address]));

const kinds: readonly { kind: string; createVerifier: () => Verifier }[] = [
  { kind: 'user pool', createVerifier: pool },
  { kind: 'OpenID Connect issuer', createVerifier: openId },
];

describe.each(kinds)('a token of a $kind that was verified before', ({ createVerifier }) => {
  it('should not be verified again', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    for (let time = 0; time < 100; time += 1) await verify(verifier, token);
    expect(finds).toBe(1);
    expect(cache.size).toBe(1);
  });

  it('should make an identity with the addresses of its own request', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    const first = await verify(verifier, token, '203.0.113.1');
    const second = await verify(verifier, token, '203.0.113.2');
    expect(first.context?.['sourceIp']).toEqual(['203.0.113.1']);
    expect(second).toEqual({ ...first, context: { ...first.context, sourceIp: ['203.0.113.2'] } });
    expect(second.context?.['claims']).toBe(first.context?.['claims']);
    expect(Object.isFrozen(second) && Object.isFrozen(second.context)).toBe(true);
  });

  it('should be refused from the instant it ends', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    await verify(verifier, token);
    nowMs = startMs + 64_999;
    await expect(verify(verifier, token)).resolves.toBeDefined();
    nowMs = startMs + 65_000;
    await expect(verify(verifier, token)).rejects.toThrow(unauthorizedTexts.expired);
    expect(finds).toBe(2);
  });

  it('should be refused once its key was withdrawn, though only such tokens come', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    await verify(verifier, token);
    await issuer.rotateKeys({ withdrawOld: true });
    monotonicMs = 600_000;
    // This one starts the refresh; the next waits for it, since it names a key that is not known yet.
    await verify(verifier, token);
    await verify(verifier, await signIn());
    await expect(verify(verifier, token)).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should not be verified again because the same keys were read again', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    await verify(verifier, token);
    await issuer.rotateKeys();
    monotonicMs = 600_000;
    await verify(verifier, await signIn());
    finds = 0;
    await verify(verifier, token);
    expect([issuer.fetches, finds]).toEqual([2, 0]);
  });

  it('should serve while the issuer is away', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    await verify(verifier, token);
    issuer.setDown(true);
    monotonicMs = 86_400_000;
    await expect(verify(verifier, token)).resolves.toBeDefined();
  });

  it('should not open the way for another with its claims', async () => {
    const verifier = createVerifier();
    const token = await signIn();
    await verify(verifier, token);
    const altered = `${token.slice(0, -4)}AAAA`;
    await expect(verify(verifier, altered)).rejects.toThrow(unauthorizedTexts.refused);
    expect(cache.size).toBe(1);
  });

  it('should be asked for by its verifier only, although others share the cache', async () => {
    const token = await signIn();
    await verify(createVerifier(), token);
    const stricter = pool({ appIdClientRegex: 'boards-ios' });
    await expect(verify(stricter, token)).rejects.toThrow(unauthorizedTexts.refused);
  });
});

describe('a refused token', () => {
  it('should not take anybody’s place in the cache', async () => {
    const verifier = pool();
    await verify(verifier, await signIn());
    for (const token of ['a.b.c', await issuer.sign({ iss: issuer.issuer }), 'x'.repeat(20_000)]) {
      await expect(verify(verifier, token)).rejects.toThrow();
    }
    expect(cache.size).toBe(1);
  });
});
