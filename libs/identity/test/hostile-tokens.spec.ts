import { createPublicKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCognitoVerifier, readCredentials } from '#libs/identity';
import type { CognitoVerifier, Credentials, Identity } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';

const nowS = Math.floor(Date.now() / 1000);
const withToken = (token: string) => readCredentials({ Authorization: token }, ['127.0.0.1']);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let issuer: TokenIssuer;
let verifier: CognitoVerifier;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  const { endpoint, userPoolId } = issuer;
  verifier = createCognitoVerifier({
    userPoolId,
    region: 'eu-central-1',
    endpoint,
    appIdClientRegex: 'boards-.*',
    defaultAction: 'ALLOW',
  });
});
afterAll(() => issuer.stop());

/** Claims of a good access token, which each case spoils in one place. */
const good = () => ({
  iss: issuer.issuer,
  sub: 'sub-of-jdoe',
  token_use: 'access',
  client_id: 'boards-web',
  username: 'jdoe',
  exp: nowS + 3600,
});

interface Case {
  readonly name: string;
  readonly token: () => Promise<string> | string;
  /** Default `refused`. */
  readonly text?: keyof typeof unauthorizedTexts;
}

/** A token with any bytes as header and claims, signed by nobody. */
const unsigned = (header: unknown, claims: unknown, signature = '') =>
  `${encode(header)}.${encode(claims)}.${signature}`;

const cases: readonly Case[] = [
  { name: 'algorithm none', token: () => unsigned({ alg: 'none', kid: issuer.publicKey().kid }, good()) },
  { name: 'algorithm nOnE', token: () => unsigned({ alg: 'nOnE', kid: issuer.publicKey().kid }, good()) },
  { name: 'no signature', token: () => unsigned({ alg: 'RS256', kid: issuer.publicKey().kid }, good()) },
  {
    name: 'HS256 with the public key, as PEM, for a secret',
    token: () => {
      const pem = createPublicKey({ key: issuer.publicKey(), format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      return issuer.sign(good(), { header: { alg: 'HS256' }, key: Buffer.from(pem) });
    },
  },
  {
    name: 'HS256 with the public modulus for a secret',
    token: () =>
      issuer.sign(good(), { header: { alg: 'HS256' }, key: Buffer.from(issuer.publicKey().n ?? '', 'base64url') }),
  },
  {
    name: 'algorithm PS256',
    token: async () => {
      const { privateKey } = await generateKeyPair('PS256');
      return issuer.sign(good(), { header: { alg: 'PS256' }, key: privateKey });
    },
  },
  {
    name: 'a stranger’s key under the id of ours',
    token: async () => issuer.sign(good(), { key: (await generateKeyPair('RS256')).privateKey }),
  },
  {
    name: 'a stranger’s key embedded as jwk',
    token: async () => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      return issuer.sign(good(), { header: { jwk: await exportJWK(publicKey) }, key: privateKey });
    },
  },
  {
    name: 'a stranger’s key embedded as jwk, under its own id',
    token: async () => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      const header = { kid: 'stranger', jwk: { ...(await exportJWK(publicKey)), kid: 'stranger' } };
      return issuer.sign(good(), { header, key: privateKey });
    },
  },
  { name: 'an empty key id', token: () => issuer.sign(good(), { header: { kid: '' } }) },
  { name: 'no key id', token: () => issuer.sign(good(), { header: { kid: undefined } }) },
  {
    name: 'a key id named like a member of objects',
    token: () => issuer.sign(good(), { header: { kid: '__proto__' } }),
  },
  { name: 'an issuer with a slash more', token: () => issuer.sign({ ...good(), iss: `${issuer.issuer}/` }) },
  {
    name: 'another pool of the same endpoint',
    token: () => issuer.sign({ ...good(), iss: `${issuer.endpoint}/other` }),
  },
  { name: 'a list of issuers', token: () => issuer.sign({ ...good(), iss: [issuer.issuer] as never }) },
  { name: 'no issuer', token: () => issuer.sign({ ...good(), iss: undefined }) },
  {
    name: 'another app client in an access token',
    token: () => issuer.accessToken({ username: 'jdoe', clientId: 'x' }),
  },
  { name: 'another app client in an ID token', token: () => issuer.idToken({ username: 'jdoe', clientId: 'x' }) },
  { name: 'an app client that only contains ours', token: () => issuer.sign({ ...good(), client_id: 'x-boards-web' }) },
  {
    name: 'an access token whose aud alone is right',
    token: () => issuer.sign({ ...good(), client_id: 'x', aud: 'boards-web' }),
  },
  {
    name: 'an ID token whose client_id alone is right',
    token: () => issuer.sign({ ...good(), token_use: 'id', aud: 'x' }),
  },
  {
    name: 'an ID token with a list of audiences',
    token: () => issuer.sign({ ...good(), token_use: 'id', aud: ['boards-web'] }),
  },
  {
    name: 'an app client id of 10,000 characters',
    token: () => issuer.sign({ ...good(), client_id: 'boards-'.padEnd(10_000, 'a') }),
  },
  { name: 'token_use refresh', token: () => issuer.sign({ ...good(), token_use: 'refresh' }) },
  { name: 'no token_use', token: () => issuer.sign({ ...good(), token_use: undefined }) },
  { name: 'no subject', token: () => issuer.sign({ ...good(), sub: undefined }) },
  { name: 'no end', token: () => issuer.sign({ ...good(), exp: undefined }) },
  { name: 'an end that is text', token: () => issuer.sign({ ...good(), exp: '9999999999' as never }) },
  { name: 'an end that is null', token: () => issuer.sign({ ...good(), exp: null as never }) },
  { name: 'a beginning that is text', token: () => issuer.sign({ ...good(), nbf: '0' as never }) },
  { name: 'a beginning a minute ahead', token: () => issuer.sign({ ...good(), nbf: nowS + 60 }) },
  { name: 'an end a minute ago', token: () => issuer.sign({ ...good(), exp: nowS - 60 }), text: 'expired' },
  { name: 'an end in 1970', token: () => issuer.sign({ ...good(), exp: 0 }), text: 'expired' },
  {
    name: 'an end a minute ago, and another app client',
    token: () => issuer.sign({ ...good(), exp: nowS - 60, client_id: 'x' }),
  },
  { name: 'a token of 100 KB', token: () => issuer.sign({ ...good(), pad: 'a'.repeat(100_000) }), text: 'unparsable' },
  { name: '100 KB of dots', token: () => '.'.repeat(100_000), text: 'unparsable' },
  { name: 'a word', token: () => 'let-me-in-please', text: 'unparsable' },
  { name: 'two parts', token: () => `${encode({ alg: 'RS256' })}.${encode({})}`, text: 'unparsable' },
  {
    name: 'five parts, as of an encrypted token',
    token: () => unsigned({ alg: 'RSA-OAEP' }, {}, 'YQ.YQ.YQ'),
    text: 'unparsable',
  },
  { name: 'claims that are a list', token: () => unsigned({ alg: 'RS256' }, [good()]), text: 'unparsable' },
  { name: 'claims that are null', token: () => unsigned({ alg: 'RS256' }, null), text: 'unparsable' },
  { name: 'a header that is text', token: () => unsigned('RS256', good()), text: 'unparsable' },
  {
    name: 'a second spelling of the signature',
    token: async () => `${await issuer.accessToken({ username: 'jdoe' })}==`,
    text: 'unparsable',
  },
  {
    name: 'claims that are not UTF-8',
    token: () =>
      `${encode({ alg: 'RS256' })}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.`,
    text: 'unparsable',
  },
];

describe('a hostile token', () => {
  it.each(cases)('should be refused for $name', async ({ token, text = 'refused' }) => {
    const credentials = withToken(await token());
    expect(await refusalOf(verifier.verify(credentials), credentials)).toBe(unauthorizedTexts[text]);
  });

  it('should be told from a good one', async () => {
    const credentials = withToken(await issuer.sign({ ...good(), nbf: nowS }));
    expect((await verifier.verify(credentials)).subject).toBe('sub-of-jdoe');
  });

  it('should be refused when it marks an unknown header as critical', async () => {
    const token = await issuer.accessToken({ username: 'jdoe' });
    const [, claims, signature] = token.split('.');
    const header = encode({ alg: 'RS256', kid: issuer.publicKey().kid, crit: ['b64'], b64: true });
    await expect(verifier.keyFor(`${header}.${claims}.${signature}`)).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should get no key of ours when its algorithm or issuer is another, and ask for none', async () => {
    const { endpoint, userPoolId } = issuer;
    const fresh = createCognitoVerifier({ userPoolId, region: 'eu-central-1', endpoint, defaultAction: 'ALLOW' });
    const before = issuer.fetches;
    const kid = issuer.publicKey().kid;
    const algorithms = ['none', 'HS256', 'RS384', 'RS512', 'PS256', 'ES256', 'rs256', 1, null, ['RS256']];
    const tokens = algorithms.map((alg) => unsigned({ alg, kid }, good()));
    tokens.push(unsigned({ alg: 'RS256', kid }, { ...good(), iss: 'https://accounts.example.com' }));
    for (const token of tokens) await expect(fresh.keyFor(token)).rejects.toThrow(unauthorizedTexts.refused);
    expect(issuer.fetches).toBe(before);
  });

  it('should not become an identity by claims of another issuer, whoever verified them', () => {
    const claims = { ...good(), iss: 'https://accounts.example.com' };
    expect(() => verifier.identityFromClaims(claims, [])).toThrow(unauthorizedTexts.refused);
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

  it('should cost the pool at most one request, were there a thousand with invented key ids', async () => {
    const { endpoint, userPoolId } = issuer;
    const fresh = createCognitoVerifier({ userPoolId, region: 'eu-central-1', endpoint, defaultAction: 'ALLOW' });
    await fresh.verify(withToken(await issuer.accessToken({ username: 'jdoe' })));
    const before = issuer.fetches;
    const forged = Array.from({ length: 1000 }, () => {
      const header = { alg: 'RS256', kid: randomBytes(8).toString('hex') };
      return withToken(unsigned(header, good(), randomBytes(256).toString('base64url')));
    });
    const outcomes = await Promise.allSettled(forged.map((credentials) => fresh.verify(credentials)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
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
  if (error instanceof RequestError) expect(error.code).toBe('UNAUTHORIZED');
  return (error as Error).message;
}
