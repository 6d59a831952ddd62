import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCognitoVerifier, createOpenIdConnectVerifier, readCredentials } from '#libs/identity';
import type { Credentials, Identity, Verifier } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { hostileCases, unsigned } from './hostile-token-cases.js';
import type { Forger, IssuerKind } from './hostile-token-cases.js';

const nowS = Math.floor(Date.now() / 1000);
const withToken = (token: string) => readCredentials({ Authorization: token }, ['127.0.0.1']);

let issuer: TokenIssuer;
beforeAll(async () => {
  issuer = await startTokenIssuer();
});
afterAll(() => issuer.stop());

interface Kind {
  readonly kind: IssuerKind;
  readonly createVerifier: () => Verifier;
  readonly good: Forger['good'];
}

const common = () => ({ iss: issuer.issuer, sub: 'sub-of-jdoe', iat: nowS, exp: nowS + 3600 });
const kinds: readonly Kind[] = [
  {
    kind: 'user pool',
    createVerifier: () =>
      createCognitoVerifier({
        userPoolId: issuer.userPoolId,
        region: 'eu-central-1',
        endpoint: issuer.endpoint,
        appIdClientRegex: 'boards-.*',
        defaultAction: 'ALLOW',
      }),
    good: () => ({ ...common(), token_use: 'access', client_id: 'boards-web', username: 'jdoe' }),
  },
  {
    kind: 'OpenID Connect issuer',
    createVerifier: () => createOpenIdConnectVerifier({ issuer: issuer.issuer, clientId: 'boards-[a-z]*' }),
    good: () => ({ ...common(), aud: 'boards-web' }),
  },
];

describe.each(kinds)('a hostile token, sent to a $kind', ({ kind, createVerifier, good }) => {
  let verifier: Verifier;
  beforeAll(() => {
    verifier = createVerifier();
  });
  const cases = hostileCases.filter(({ only = kind }) => only === kind);

  it.each(cases)('should be refused for $name', async ({ token, text = 'refused' }) => {
    const credentials = withToken(await token({ issuer, nowS, good }));
    expect(await refusalOf(verifier.verify(credentials), credentials)).toBe(unauthorizedTexts[text]);
    // The first may have been remembered; a second look must not find it good.
    expect(await refusalOf(verifier.verify(credentials), credentials)).toBe(unauthorizedTexts[text]);
  });

  it('should be told from a good one', async () => {
    const credentials = withToken(await issuer.sign({ ...good(), nbf: nowS }));
    expect((await verifier.verify(credentials)).subject).toBe('sub-of-jdoe');
  });

  it('should make nobody ask for keys when its algorithm, issuer or header can’t be good', async () => {
    const before = issuer.fetches;
    const fresh = createVerifier();
    const kid = issuer.publicKey().kid;
    const tokens = ['none', 'HS256', 'HS384', 'HS512', 'rs256', 1, null, ['RS256']].map((alg) =>
      unsigned({ alg, kid }, good()),
    );
    tokens.push(unsigned({ alg: 'RS256', kid }, { ...good(), iss: 'https://accounts.example.com' }));
    tokens.push(unsigned({ alg: 'RS256', kid, crit: ['b64'] }, good()), unsigned({ alg: 'RS256' }, good()));
    for (const token of tokens) await expect(fresh.verify(withToken(token))).rejects.toThrow(unauthorizedTexts.refused);
    expect(issuer.fetches).toBe(before);
  });

  it('should never make the verifier follow an address in it', async () => {
    const stranger = await startTokenIssuer();
    try {
      for (const name of ['jku', 'x5u', 'iss']) {
        const header = name === 'iss' ? {} : { [name]: `${stranger.issuer}/.well-known/jwks.json` };
        const claims = name === 'iss' ? { ...good(), iss: stranger.issuer } : good();
        const token = await stranger.sign(claims, { header });
        await expect(verifier.verify(withToken(token))).rejects.toThrow(unauthorizedTexts.refused);
      }
      expect(stranger.fetches).toBe(0);
    } finally {
      await stranger.stop();
    }
  });

  it('should cost the issuer at most one request, were there a thousand with invented key ids', async () => {
    const fresh = createVerifier();
    await fresh.verify(withToken(await issuer.sign(good())));
    const before = issuer.fetches;
    const forged = Array.from({ length: 1000 }, () => {
      const header = { alg: 'RS256', kid: randomBytes(8).toString('hex') };
      return withToken(unsigned(header, good(), randomBytes(256).toString('base64url')));
    });
    const outcomes = await Promise.allSettled(forged.map((credentials) => fresh.verify(credentials)));
    const answers = outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message);
    expect(new Set(answers)).toEqual(new Set([unauthorizedTexts.refused]));
    expect(issuer.fetches - before).toBeLessThanOrEqual(1);
  });
});

/** The text of the refusal, after making sure that it holds no part of the token, in any depth. */
async function refusalOf(verification: Promise<Identity>, { headers }: Credentials): Promise<string> {
  const error: unknown = await verification.then(
    () => expect.fail('The token was accepted.'),
    (reason: unknown) => reason,
  );
  const shown = inspect(error, { depth: 10, showHidden: true });
  for (const part of (headers['authorization'] ?? '').split('.').filter(({ length }) => length > 8)) {
    expect(shown).not.toContain(part);
  }
  expect(error).toBeInstanceOf(RequestError);
  expect((error as RequestError).code).toBe('UNAUTHORIZED');
  return (error as Error).message;
}
