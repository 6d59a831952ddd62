import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenIdConnectVerifier, readCredentials } from '#libs/identity';
import type { OpenIdConnectVerifierOptions } from '#libs/identity';
import { unauthorizedTexts } from '#libs/protocol';
import { resource, startOidcIssuer } from './oidc-issuer.js';
import type { OidcIssuer } from './oidc-issuer.js';

const sourceIp = ['203.0.113.7'];
const withToken = (token: string) => readCredentials({ authorization: token }, sourceIp);

describe.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('a real issuer that signs with %s', (algorithm) => {
  let oidc: OidcIssuer;
  beforeAll(async () => {
    oidc = await startOidcIssuer(algorithm);
  });
  afterAll(() => oidc.stop());

  const createVerifier = (options: Partial<OpenIdConnectVerifierOptions> = {}) =>
    createOpenIdConnectVerifier({ issuer: oidc.issuer, ...options });

  it('should have its users’ ID tokens taken', async () => {
    const { id_token: token } = await oidc.signIn('jdoe');
    const identity = await createVerifier({ clientId: 'boards-(web|ios)', authTtlMs: 60_000 }).verify(withToken(token));
    expect(identity.subject).toBe('jdoe');
    expect(identity.context).toEqual({
      sub: 'jdoe',
      issuer: oidc.issuer,
      sourceIp,
      claims: expect.objectContaining({
        aud: 'boards-web',
        iss: oidc.issuer,
        sub: 'jdoe',
        auth_time: expect.any(Number) as unknown,
      }) as unknown,
    });
  });

  it('should have the access tokens of its machines taken, by their audience', async () => {
    const token = await oidc.machineToken();
    const identity = await createVerifier({ clientId: resource }).verify(withToken(token));
    expect(identity.context?.['claims']).toMatchObject({ aud: resource, client_id: 'boards-web', scope: 'boards' });
    await expect(createVerifier({ clientId: 'boards-web' }).verify(withToken(token))).rejects.toThrow(
      unauthorizedTexts.refused,
    );
  });

  it('should not have its opaque access tokens taken, which say nothing about a user', async () => {
    const { access_token: token } = await oidc.signIn('jdoe');
    await expect(createVerifier().verify(withToken(token))).rejects.toThrow(unauthorizedTexts.unparsable);
  });

  it('should not have tokens taken of another of its kind', async () => {
    const other = await startOidcIssuer(algorithm);
    try {
      const { id_token: token } = await other.signIn('jdoe');
      expect(createVerifier().claims(withToken(token))).toBe(false);
      await expect(createVerifier().verify(withToken(token))).rejects.toThrow(unauthorizedTexts.refused);
    } finally {
      await other.stop();
    }
  });
});
