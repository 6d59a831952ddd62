import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCognitoVerifier, createKeySet, readCredentials } from '#libs/identity';
import type { CognitoVerifier } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';

let issuer: TokenIssuer;
let verifier: CognitoVerifier;
let monotonicMs: number;
beforeEach(async () => {
  issuer = await startTokenIssuer();
  monotonicMs = 0;
  verifier = createCognitoVerifier({
    userPoolId: issuer.userPoolId,
    region: 'eu-central-1',
    endpoint: issuer.endpoint,
    defaultAction: 'ALLOW',
    keySet: createKeySet({
      url: `${issuer.issuer}/.well-known/jwks.json`,
      clock: () => monotonicMs,
      minIntervalMs: 10_000,
    }),
  });
});
afterEach(() => issuer.stop());

const signIn = async () => issuer.accessToken({ username: 'jdoe' });
const verify = (token: string) => verifier.verify(readCredentials({ authorization: token }, []));

describe('a user pool that changes its keys', () => {
  it('should have tokens of the old and the new key taken', async () => {
    const old = await signIn();
    await verify(old);
    await issuer.rotateKeys();
    monotonicMs = 10_000;
    await expect(verify(await signIn())).resolves.toBeDefined();
    await expect(verify(old)).resolves.toBeDefined();
    expect(issuer.fetches).toBe(2);
  });

  it('should have tokens of a withdrawn key refused', async () => {
    const old = await signIn();
    await verify(old);
    await issuer.rotateKeys({ withdrawOld: true });
    monotonicMs = 10_000;
    await verify(await signIn());
    await expect(verify(old)).rejects.toThrow(unauthorizedTexts.refused);
  });
});

describe('a user pool that is down', () => {
  it('should keep its users working', async () => {
    await verify(await signIn());
    issuer.setDown(true);
    monotonicMs = 3_600_000;
    await expect(verify(await signIn())).resolves.toBeDefined();
  });

  it('should make a first token retry and not give up', async () => {
    issuer.setDown(true);
    const error: unknown = await verify(await signIn()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'INTERNAL_FAILURE',
      status: 500,
      message: 'Credentials cannot be verified at the moment.',
    });
    issuer.setDown(false);
    monotonicMs = 1_000;
    await expect(verify(await signIn())).resolves.toBeDefined();
  });
});
