import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { createCognitoVerifier } from './cognito-verifier.js';
import type { CognitoVerifierOptions } from './cognito-verifier.js';
import { readCredentials } from '../credentials.js';

const nowMs = 1_700_000_000_000;
const sourceIp = ['203.0.113.7', '10.0.0.3'];
const withToken = (token: string) => readCredentials({ Authorization: token }, sourceIp);

let issuer: TokenIssuer;
beforeAll(async () => {
  issuer = await startTokenIssuer({ clock: () => nowMs });
});
afterAll(() => issuer.stop());

function createVerifier(options: Partial<CognitoVerifierOptions> = {}) {
  const { endpoint, userPoolId } = issuer;
  const defaults = {
    userPoolId,
    region: 'eu-central-1',
    endpoint,
    defaultAction: 'ALLOW',
    clock: () => nowMs,
  } as const;
  return createCognitoVerifier({ ...defaults, ...options });
}

describe('the identity of a user', () => {
  it('should be shaped as AppSync’s from an ID token', async () => {
    const token = await issuer.idToken({ username: 'jdoe', groups: ['admins', 'editors'] });
    const identity = await createVerifier().verify(withToken(token));
    expect(identity).toEqual({
      mode: 'AMAZON_COGNITO_USER_POOLS',
      authType: 'User Pool Authorization',
      subject: 'sub-of-jdoe',
      groups: ['admins', 'editors'],
      expiresAtMs: nowMs + 3_600_000,
      allowsField: null,
      context: {
        sub: 'sub-of-jdoe',
        issuer: issuer.issuer,
        username: 'jdoe',
        claims: expect.objectContaining({ email: 'jdoe@example.com', token_use: 'id', aud: 'boards-web' }) as unknown,
        sourceIp,
        defaultAuthStrategy: 'ALLOW',
        groups: ['admins', 'editors'],
      },
    });
  });

  it('should be the same from an access token, which names the user in another claim', async () => {
    const { context } = await createVerifier().verify(withToken(await issuer.accessToken({ username: 'jdoe' })));
    expect(context).toMatchObject({ sub: 'sub-of-jdoe', username: 'jdoe', claims: { client_id: 'boards-web' } });
    expect(context?.['claims']).not.toHaveProperty('email');
  });

  it('should have null for groups when the user is in none', async () => {
    const identity = await createVerifier().verify(withToken(await issuer.idToken({ username: 'janed' })));
    expect(identity.context?.['groups']).toBeNull();
    expect(identity.groups).toEqual([]);
  });

  it('should have null for a username when a machine signed in', async () => {
    const token = await issuer.sign({
      iss: issuer.issuer,
      sub: 'ci',
      token_use: 'access',
      client_id: 'ci',
      exp: nowMs,
    });
    const { context } = await createVerifier().verify(withToken(token));
    expect(context?.['username']).toBeNull();
  });

  it('should carry the pool’s default action', async () => {
    const token = await issuer.idToken({ username: 'jdoe' });
    const { context } = await createVerifier({ defaultAction: 'DENY' }).verify(withToken(token));
    expect(context?.['defaultAuthStrategy']).toBe('DENY');
  });

  it('should be frozen', async () => {
    const identity = await createVerifier().verify(withToken(await issuer.idToken({ username: 'jdoe' })));
    expect([identity, identity.context, identity.groups].every(Object.isFrozen)).toBe(true);
  });
});

describe('the authorization header', () => {
  it.each(['', 'Bearer ', 'bearer ', 'BEARER   '])('should hold the token after "%s"', async (prefix) => {
    const token = await issuer.idToken({ username: 'jdoe' });
    expect((await createVerifier().verify(withToken(`${prefix}${token}`))).subject).toBe('sub-of-jdoe');
  });

  it.each([
    {},
    { authorization: '' },
    { authorization: 'Bearer ' },
    { authorization: 'AWS4-HMAC-SHA256 Credential=…' },
  ])('should be missed in %o', async (headers) => {
    const refusal = createVerifier().verify(readCredentials(headers, []));
    await expect(refusal).rejects.toThrow(unauthorizedTexts.missing);
  });
});

describe('the time of a token', () => {
  it.each([
    { name: 'end within the leeway', exp: -4, nbf: 0, isTaken: true },
    { name: 'end at the leeway', exp: -5, nbf: 0, isTaken: false },
    { name: 'beginning at the leeway', exp: 60, nbf: 5, isTaken: true },
    { name: 'beginning past the leeway', exp: 60, nbf: 6, isTaken: false },
  ])('should be $isTaken for an $name', async ({ exp, nbf, isTaken }) => {
    const verifier = createVerifier({ leewayMs: 5_000 });
    const nowS = nowMs / 1000;
    const claims = { iss: verifier.issuer, sub: 'sub-of-jdoe', token_use: 'access', exp: nowS + exp, nbf: nowS + nbf };
    const outcome = verifier.verify(withToken(await issuer.sign(claims)));
    await (isTaken ? expect(outcome).resolves.toBeDefined() : expect(outcome).rejects.toThrow(RequestError));
  });
});

describe('the app client', () => {
  it('should be any when no pattern is given', async () => {
    const token = await issuer.accessToken({ username: 'jdoe', clientId: 'whatever' });
    await expect(createVerifier().verify(withToken(token))).resolves.toBeDefined();
  });

  it('should be the one that the pattern matches as a whole', async () => {
    const verifier = createVerifier({ appIdClientRegex: 'web|web-admin' });
    const signIn = async (clientId: string) =>
      verifier.verify(withToken(await issuer.idToken({ username: 'jdoe', clientId })));
    await expect(signIn('web-admin')).resolves.toBeDefined();
    await expect(signIn('web-admins')).rejects.toThrow(unauthorizedTexts.refused);
  });
});

describe('the issuer', () => {
  it('should be Amazon’s for the region by default', () => {
    const options = { userPoolId: 'eu-central-1_aBcDeFgHi', region: 'eu-central-1', defaultAction: 'ALLOW' } as const;
    expect(createCognitoVerifier(options).issuer).toBe(
      'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aBcDeFgHi',
    );
  });

  it('should not change with slashes after the endpoint', () => {
    expect(createVerifier({ endpoint: `${issuer.endpoint}//` }).issuer).toBe(issuer.issuer);
  });

  it('should be all that a claim on credentials looks at', async () => {
    const verifier = createVerifier();
    const expired = await issuer.accessToken({ username: 'jdoe', expiresInS: -60 });
    const foreign = await issuer.sign({ iss: 'https://accounts.example.com', exp: nowMs });
    expect(verifier.claims(withToken(expired))).toBe(true);
    expect(verifier.claims(withToken(foreign))).toBe(false);
    expect(verifier.claims(withToken('opaque'))).toBe(false);
  });
});
