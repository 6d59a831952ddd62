import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { createAuthenticator } from '../authenticator.js';
import { readCredentials } from '../credentials.js';
import { createOpenIdConnectVerifier } from './open-id-connect-verifier.js';
import type { OpenIdConnectVerifierOptions } from './open-id-connect-verifier.js';

const nowMs = 1_700_000_000_000;
const nowS = nowMs / 1000;
const sourceIp = ['203.0.113.7', '10.0.0.3'];
const withToken = (token: string) => readCredentials({ Authorization: token }, sourceIp);

let issuer: TokenIssuer;
beforeAll(async () => {
  issuer = await startTokenIssuer();
});
afterAll(() => issuer.stop());

const createVerifier = (options: Partial<OpenIdConnectVerifierOptions> = {}) =>
  createOpenIdConnectVerifier({ issuer: issuer.issuer, clock: () => nowMs, ...options });

/** A good token, with these claims in place of its own. */
const signed = (claims: Readonly<Record<string, unknown>> = {}) =>
  issuer.sign({ iss: issuer.issuer, sub: 'sub-of-jdoe', aud: 'boards-web', iat: nowS, exp: nowS + 60, ...claims });

describe('the identity of an issuer’s user', () => {
  it('should be AppSync’s four members and no more', async () => {
    const claims = { iss: issuer.issuer, sub: 'sub-of-jdoe', aud: 'boards-web', iat: nowS, exp: nowS + 60, role: 'a' };
    expect(await createVerifier().verify(withToken(await issuer.sign(claims)))).toEqual({
      mode: 'OPENID_CONNECT',
      authType: 'Open ID Connect Authorization',
      subject: 'sub-of-jdoe',
      groups: [],
      expiresAtMs: nowMs + 60_000,
      allowsField: null,
      context: { sub: 'sub-of-jdoe', issuer: issuer.issuer, claims, sourceIp },
    });
  });

  it('should be in no group, whatever a claim says that means something to user pools', async () => {
    const identity = await createVerifier().verify(withToken(await signed({ 'cognito:groups': ['admins'] })));
    expect(identity.groups).toEqual([]);
  });

  it('should be frozen to the leaves of its claims, which many requests share', async () => {
    const { context } = await createVerifier().verify(withToken(await signed({ roles: [{ name: 'editor' }] })));
    const claims = context?.['claims'] as { readonly roles: readonly [object] };
    expect([context, claims, claims.roles, claims.roles[0]].every(Object.isFrozen)).toBe(true);
  });
});

describe('the clientId of an issuer', () => {
  it.each([
    { name: 'the audience', claims: { aud: 'boards-web' } },
    { name: 'one of the audiences', claims: { aud: ['https://api.example.com', 'boards-web'] } },
    { name: 'the authorised party', claims: { aud: 'https://api.example.com', azp: 'boards-web' } },
  ])('should be looked for in $name', async ({ claims }) => {
    const verifier = createVerifier({ clientId: 'boards-web|boards-ios' });
    await expect(verifier.verify(withToken(await signed(claims)))).resolves.toBeDefined();
  });

  it('should be any when no pattern is given', async () => {
    await expect(createVerifier().verify(withToken(await signed({ aud: undefined })))).resolves.toBeDefined();
  });

  it('should be tested in linear time', async () => {
    const verifier = createVerifier({ clientId: '(a|a)*(a+)+b' });
    const token = withToken(await signed({ aud: Array.from({ length: 20 }, () => 'a'.repeat(256)) }));
    const startedAtMs = performance.now();
    await expect(verifier.verify(token)).rejects.toThrow(unauthorizedTexts.refused);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });
});

describe('the time of an issuer’s token', () => {
  const ttl = { iatTtlMs: 30_000, authTtlMs: 300_000 };
  it.each<{ name: string; claims: object; options?: object; answer: 'taken' | keyof typeof unauthorizedTexts }>([
    { name: 'end within the leeway', claims: { exp: nowS - 4 }, answer: 'taken' },
    { name: 'end at the leeway', claims: { exp: nowS - 5 }, answer: 'expired' },
    { name: 'issue at the leeway ahead', claims: { iat: nowS + 5 }, answer: 'taken' },
    { name: 'issue past the leeway ahead', claims: { iat: nowS + 6 }, answer: 'refused' },
    { name: 'beginning at the leeway', claims: { nbf: nowS + 5 }, answer: 'taken' },
    { name: 'beginning past the leeway', claims: { nbf: nowS + 6 }, answer: 'refused' },
    { name: 'beginning before an issue that is ahead', claims: { nbf: 0, iat: nowS + 6 }, answer: 'refused' },
    { name: 'issue in 1970 without iatTTL', claims: { iat: 0 }, answer: 'taken' },
    { name: 'issue in 1970 with an iatTTL of 0', claims: { iat: 0 }, options: { iatTtlMs: 0 }, answer: 'taken' },
    { name: 'issue within iatTTL', claims: { iat: nowS - 34, auth_time: nowS }, options: ttl, answer: 'taken' },
    { name: 'issue before iatTTL', claims: { iat: nowS - 35, auth_time: nowS }, options: ttl, answer: 'expired' },
    { name: 'login within authTTL', claims: { auth_time: nowS - 304 }, options: ttl, answer: 'taken' },
    { name: 'login before authTTL', claims: { auth_time: nowS - 305 }, options: ttl, answer: 'refused' },
    { name: 'login that is not told, with authTTL', claims: {}, options: ttl, answer: 'refused' },
    { name: 'login that is text, with authTTL', claims: { auth_time: '0' }, options: ttl, answer: 'refused' },
    { name: 'login that is text, without authTTL', claims: { auth_time: '0' }, answer: 'taken' },
  ])('should be $answer for an $name', async ({ claims, options, answer }) => {
    const outcome = createVerifier(options).verify(withToken(await signed({ ...claims })));
    await (answer === 'taken'
      ? expect(outcome).resolves.toBeDefined()
      : expect(outcome).rejects.toThrow(unauthorizedTexts[answer]));
  });

  it.each([
    { claims: { exp: nowS + 60 }, options: {}, inMs: 60_000 },
    { claims: { exp: nowS + 60, iat: nowS - 10 }, options: { iatTtlMs: 30_000 }, inMs: 20_000 },
    { claims: { exp: nowS + 60, auth_time: nowS - 290 }, options: { authTtlMs: 300_000 }, inMs: 10_000 },
    { claims: { exp: nowS + 5, auth_time: nowS - 290 }, options: { authTtlMs: 300_000 }, inMs: 5_000 },
  ])('should end the identity at the first limit: $claims with $options', async ({ claims, options, inMs }) => {
    const identity = await createVerifier(options).verify(withToken(await signed(claims)));
    expect(identity.expiresAtMs).toBe(nowMs + inMs);
  });
});

describe('an issuer', () => {
  it('should be the same with a slash at its end, in the configuration and in a token', async () => {
    for (const verifier of [createVerifier(), createVerifier({ issuer: `${issuer.issuer}/` })]) {
      for (const iss of [issuer.issuer, `${issuer.issuer}/`]) {
        const credentials = withToken(await signed({ iss }));
        expect(verifier.claims(credentials)).toBe(true);
        expect((await verifier.verify(credentials)).context?.['issuer']).toBe(iss);
      }
    }
  });

  it('should be told from another of the same API by the tokens’ iss', async () => {
    const other = await startTokenIssuer({ userPoolId: 'other' });
    try {
      const authenticator = createAuthenticator([createVerifier(), createVerifier({ issuer: other.issuer })]);
      for (const from of [issuer, other]) {
        const token = await from.sign({ iss: from.issuer, sub: 'sub-of-jdoe', iat: nowS, exp: nowS + 60 });
        expect((await authenticator.authenticate(withToken(token))).context).toMatchObject({ issuer: from.issuer });
      }
    } finally {
      await other.stop();
    }
  });

  it.each([
    'accounts.example.com',
    'ftp://accounts.example.com',
    'https://a@b.example.com',
    'https://a.example.com/?a=b',
  ])('should be refused at start as %s', (name) => {
    expect(() => createVerifier({ issuer: name })).toThrow(`"${name}" is no https address`);
  });

  it('should be refused at start with a clientId that does not compile', () => {
    expect(() => createVerifier({ clientId: '(web' })).toThrow('clientId "(web" is no regular expression.');
  });
});
