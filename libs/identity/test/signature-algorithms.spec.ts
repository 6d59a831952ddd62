import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { GenerateKeyPairResult } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeySet, createOpenIdConnectVerifier, readCredentials } from '#libs/identity';
import type { Verifier } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { answerKeys, startKeyServer } from './key-server.js';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const issuer = 'https://accounts.example.com';

/** A key of each algorithm by its name, published without `alg`; and some that name what they are for. */
const pairs = new Map<string, GenerateKeyPairResult>();
let server: Awaited<ReturnType<typeof startKeyServer>>;
let verifier: Verifier;
beforeAll(async () => {
  const published: object[] = [];
  for (const algorithm of algorithms) {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    pairs.set(algorithm, pair);
    published.push({ ...(await exportJWK(pair.publicKey)), kid: algorithm });
  }
  const rsa = await exportJWK(pairs.get('RS256')!.publicKey);
  published.push({ ...rsa, kid: 'for PS256', alg: 'PS256' }, { ...rsa, kid: 'for encryption', use: 'enc' });
  published.push({ ...rsa, kid: 'for signing', key_ops: ['sign'] }, { kty: 'oct', kid: 'secret', k: 'c2VjcmV0' });
  server = await startKeyServer(answerKeys(...published));
  verifier = createOpenIdConnectVerifier({ issuer, keySet: createKeySet({ url: server.url }) });
});
afterAll(() => server.stop());

const sign = (alg: string, kid: string, key: CryptoKey | Uint8Array) =>
  new SignJWT({ iss: issuer, sub: 'sub-of-jdoe' })
    .setProtectedHeader({ alg, kid })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
const verify = (token: string) => verifier.verify(readCredentials({ authorization: token }, []));

describe('the signature of an issuer’s token', () => {
  it.each(algorithms)('should be taken when it is %s', async (algorithm) => {
    const token = await sign(algorithm, algorithm, pairs.get(algorithm)!.privateKey);
    expect((await verify(token)).subject).toBe('sub-of-jdoe');
  });

  it.each([
    ['RS256', 'ES256'],
    ['RS256', 'EdDSA'],
    ['ES256', 'RS256'],
    ['ES256', 'ES384'],
    ['ES384', 'ES256'],
    ['EdDSA', 'ES256'],
    ['RS256', 'for PS256'],
    ['RS256', 'for encryption'],
    ['RS256', 'for signing'],
  ])('should be refused when it is %s and names the key "%s"', async (algorithm, keyId) => {
    const token = await sign(algorithm, keyId, pairs.get(algorithm)!.privateKey);
    await expect(verify(token)).rejects.toThrow(unauthorizedTexts.refused);
  });

  it.each(['HS256', 'HS384', 'HS512'])('should be refused when it is %s, even with a published secret', async (alg) => {
    const token = await sign(alg, 'secret', Buffer.from('secret'.padEnd(64, '!')));
    await expect(verify(token)).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should be refused when another key of the same kind made it', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await expect(verify(await sign('ES256', 'ES256', privateKey))).rejects.toMatchObject({
      message: unauthorizedTexts.refused,
      cause: { message: 'The signature of the token does not match it.' },
    });
  });
});
