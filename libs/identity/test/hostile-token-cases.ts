import { createPublicKey, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';
import type { unauthorizedTexts } from '#libs/protocol';
import type { TokenIssuer } from '#libs/testing';

export type IssuerKind = 'user pool' | 'OpenID Connect issuer';

/** Who a case asks for a token, and the claims of a good one, which it spoils in one place. */
export interface Forger {
  readonly issuer: TokenIssuer;
  readonly nowS: number;
  readonly good: () => JWTPayload;
}

export interface HostileCase {
  readonly name: string;
  readonly token: (forger: Forger) => Promise<string> | string;
  /** Default `refused`. */
  readonly text?: keyof typeof unauthorizedTexts;
  /** Default: both. */
  readonly only?: IssuerKind;
}

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with any bytes as header and claims, signed by nobody. */
export const unsigned = (header: unknown, claims: unknown, signature = '') =>
  `${encode(header)}.${encode(claims)}.${signature}`;

const keyId = ({ issuer }: Forger) => issuer.publicKey().kid;
const pool = { only: 'user pool' } as const;
const openId = { only: 'OpenID Connect issuer' } as const;

/** Signed by the issuer itself, with these claims in place of good ones. Undefined leaves a claim out. */
const signed = (changes: (forger: Forger) => Readonly<Record<string, unknown>>) => (forger: Forger) =>
  forger.issuer.sign({ ...forger.good(), ...changes(forger) });

/** Table B5: what must be refused whoever the issuer is, and what only one kind of issuer has. */
export const hostileCases: readonly HostileCase[] = [
  { name: 'algorithm none', token: (f) => unsigned({ alg: 'none', kid: keyId(f) }, f.good()) },
  { name: 'algorithm nOnE', token: (f) => unsigned({ alg: 'nOnE', kid: keyId(f) }, f.good()) },
  { name: 'an algorithm that is a list', token: (f) => unsigned({ alg: ['RS256'], kid: keyId(f) }, f.good()) },
  { name: 'an algorithm in small letters', token: (f) => unsigned({ alg: 'rs256', kid: keyId(f) }, f.good()) },
  { name: 'no signature', token: (f) => unsigned({ alg: 'RS256', kid: keyId(f) }, f.good()) },
  {
    name: 'HS256 with the public key, as PEM, for a secret',
    token: ({ issuer, good }) => {
      const key = createPublicKey({ key: issuer.publicKey(), format: 'jwk' });
      const pem = key.export({ type: 'spki', format: 'pem' });
      return issuer.sign(good(), { header: { alg: 'HS256' }, key: Buffer.from(pem) });
    },
  },
  {
    name: 'HS512 with the public modulus for a secret',
    token: ({ issuer, good }) =>
      issuer.sign(good(), { header: { alg: 'HS512' }, key: Buffer.from(issuer.publicKey().n ?? '', 'base64url') }),
  },
  {
    name: 'algorithm PS256 with a key that is for RS256',
    token: async ({ issuer, good }) =>
      issuer.sign(good(), { header: { alg: 'PS256' }, key: (await generateKeyPair('PS256')).privateKey }),
  },
  {
    name: 'a stranger’s key under the id of ours',
    token: async ({ issuer, good }) => issuer.sign(good(), { key: (await generateKeyPair('RS256')).privateKey }),
  },
  {
    name: 'a stranger’s elliptic key under the id of our RSA key',
    token: async ({ issuer, good }) =>
      issuer.sign(good(), { header: { alg: 'ES256' }, key: (await generateKeyPair('ES256')).privateKey }),
  },
  {
    name: 'a stranger’s key embedded as jwk',
    token: async ({ issuer, good }) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      return issuer.sign(good(), { header: { jwk: await exportJWK(publicKey) }, key: privateKey });
    },
  },
  {
    name: 'a stranger’s key embedded as jwk, under its own id',
    token: async ({ issuer, good }) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      const header = { kid: 'stranger', jwk: { ...(await exportJWK(publicKey)), kid: 'stranger' } };
      return issuer.sign(good(), { header, key: privateKey });
    },
  },
  {
    name: 'a stranger’s certificate as x5c',
    token: async ({ issuer, good }) => {
      const header = { x5c: [randomBytes(300).toString('base64')] };
      return issuer.sign(good(), { header, key: (await generateKeyPair('RS256')).privateKey });
    },
  },
  { name: 'an empty key id', token: ({ issuer, good }) => issuer.sign(good(), { header: { kid: '' } }) },
  { name: 'no key id', token: ({ issuer, good }) => issuer.sign(good(), { header: { kid: undefined } }) },
  {
    name: 'a key id named like a member of objects',
    token: ({ issuer, good }) => issuer.sign(good(), { header: { kid: '__proto__' } }),
  },
  {
    name: 'a critical header member',
    token: async ({ issuer, good }) => {
      const header = encode({ alg: 'RS256', kid: issuer.publicKey().kid, crit: ['b64'], b64: true });
      const [, claims, signature] = (await issuer.sign(good())).split('.');
      return `${header}.${claims}.${signature}`;
    },
  },

  { name: 'another issuer of the same endpoint', token: signed(({ issuer }) => ({ iss: `${issuer.endpoint}/other` })) },
  { name: 'an issuer with two slashes more', token: signed(({ issuer }) => ({ iss: `${issuer.issuer}//` })) },
  { name: 'an issuer with a slash more', token: signed(({ issuer }) => ({ iss: `${issuer.issuer}/` })), ...pool },
  { name: 'an issuer in capitals', token: signed(({ issuer }) => ({ iss: issuer.issuer.toUpperCase() })) },
  { name: 'a list of issuers', token: signed(({ issuer }) => ({ iss: [issuer.issuer] })) },
  { name: 'no issuer', token: signed(() => ({ iss: undefined })) },
  { name: 'no subject', token: signed(() => ({ sub: undefined })) },
  { name: 'a subject that is a number', token: signed(() => ({ sub: 1 })) },

  { name: 'another app client in an access token', token: signed(() => ({ client_id: 'x' })), ...pool },
  {
    name: 'another app client in an ID token',
    token: signed(() => ({ token_use: 'id', aud: 'x', client_id: undefined })),
    ...pool,
  },
  { name: 'an app client that only contains ours', token: signed(() => ({ client_id: 'x-boards-web' })), ...pool },
  {
    name: 'an access token whose aud alone is right',
    token: signed(() => ({ client_id: 'x', aud: 'boards-web' })),
    ...pool,
  },
  { name: 'an ID token whose client_id alone is right', token: signed(() => ({ token_use: 'id', aud: 'x' })), ...pool },
  {
    name: 'an ID token with a list of audiences',
    token: signed(() => ({ token_use: 'id', aud: ['boards-web'] })),
    ...pool,
  },
  {
    name: 'an app client id of 10,000 characters',
    token: signed(() => ({ client_id: 'boards-'.padEnd(10_000, 'a') })),
    ...pool,
  },
  { name: 'token_use refresh', token: signed(() => ({ token_use: 'refresh' })), ...pool },
  { name: 'no token_use', token: signed(() => ({ token_use: undefined })), ...pool },

  { name: 'another audience', token: signed(() => ({ aud: 'x' })), ...openId },
  { name: 'an audience that only contains ours', token: signed(() => ({ aud: 'boards-web\nx' })), ...openId },
  { name: 'other audiences', token: signed(() => ({ aud: ['x', 'y', ''] })), ...openId },
  { name: 'an audience in a list in a list', token: signed(() => ({ aud: [['boards-web']] })), ...openId },
  { name: 'another authorised party', token: signed(() => ({ aud: 'x', azp: 'y' })), ...openId },
  { name: 'authorised parties in a list', token: signed(() => ({ aud: 'x', azp: ['boards-web'] })), ...openId },
  {
    name: 'a client_id that is right, which is neither aud nor azp',
    token: signed(() => ({ aud: 'x', client_id: 'boards-web' })),
    ...openId,
  },
  { name: 'no audience', token: signed(() => ({ aud: undefined })), ...openId },
  {
    name: 'an audience of 10,000 characters',
    token: signed(() => ({ aud: 'boards-'.padEnd(10_000, 'a') })),
    ...openId,
  },
  {
    name: 'the events of a logout token',
    token: signed(() => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })),
    ...openId,
  },
  { name: 'no time of issue', token: signed(() => ({ iat: undefined })), ...openId },
  { name: 'a time of issue that is text', token: signed(({ nowS }) => ({ iat: String(nowS) })), ...openId },
  { name: 'a time of issue a minute ahead', token: signed(({ nowS }) => ({ iat: nowS + 60 })), ...openId },

  { name: 'no end', token: signed(() => ({ exp: undefined })) },
  { name: 'an end that is text', token: signed(() => ({ exp: '9999999999' })) },
  { name: 'an end that is null', token: signed(() => ({ exp: null })) },
  { name: 'an end beyond all dates', token: signed(() => ({ exp: 1e300 })) },
  { name: 'a beginning that is text', token: signed(() => ({ nbf: '0' })) },
  { name: 'a beginning a minute ahead', token: signed(({ nowS }) => ({ nbf: nowS + 60 })) },
  { name: 'an end a minute ago', token: signed(({ nowS }) => ({ exp: nowS - 60 })), text: 'expired' },
  { name: 'an end in 1970', token: signed(() => ({ exp: 0 })), text: 'expired' },
  {
    name: 'an end a minute ago, and another client',
    token: signed(({ nowS }) => ({ exp: nowS - 60, client_id: 'x', aud: 'x' })),
  },
  {
    name: 'an end a minute ago, and a stranger’s signature',
    token: async ({ issuer, good, nowS }) =>
      issuer.sign({ ...good(), exp: nowS - 60 }, { key: (await generateKeyPair('RS256')).privateKey }),
  },

  { name: 'a token of 100 KB', token: signed(() => ({ pad: 'a'.repeat(100_000) })), text: 'unparsable' },
  { name: '100 KB of dots', token: () => '.'.repeat(100_000), text: 'unparsable' },
  { name: 'a word', token: () => 'let-me-in-please', text: 'unparsable' },
  { name: 'two parts', token: () => `${encode({ alg: 'RS256' })}.${encode({})}`, text: 'unparsable' },
  {
    name: 'five parts, as of an encrypted token',
    token: () => unsigned({ alg: 'RSA-OAEP' }, {}, 'YQ.YQ.YQ'),
    text: 'unparsable',
  },
  { name: 'claims that are a list', token: (f) => unsigned({ alg: 'RS256' }, [f.good()]), text: 'unparsable' },
  { name: 'claims that are null', token: () => unsigned({ alg: 'RS256' }, null), text: 'unparsable' },
  { name: 'a header that is text', token: (f) => unsigned('RS256', f.good()), text: 'unparsable' },
  {
    name: 'a second spelling of the signature',
    token: async ({ issuer, good }) => `${await issuer.sign(good())}==`,
    text: 'unparsable',
  },
  {
    name: 'claims that are not UTF-8',
    token: () =>
      `${encode({ alg: 'RS256' })}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.`,
    text: 'unparsable',
  },
];
