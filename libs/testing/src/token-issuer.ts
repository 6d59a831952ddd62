import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { collectSecret } from './suite-log.js';

export interface TokenIssuerOptions {
  /** Default `local_boards`. */
  readonly userPoolId?: string;
  /** Port on the loopback interface. Default: a free one. */
  readonly port?: number;
  /** Milliseconds since the epoch, for `iat` and `exp`. Default `Date.now`. */
  readonly clock?: () => number;
}

/** The user a token is about, and the app client it was given to. */
export interface TokenSubject {
  readonly username: string;
  /** `sub`. Default: `sub-of-<username>`, the same in every token. */
  readonly sub?: string;
  /** Default: none, and then the claim is left out, as Cognito does. */
  readonly groups?: readonly string[];
  /** In ID tokens only, as with Cognito. Default `<username>@example.com`. */
  readonly email?: string;
  /** Default `boards-web`. */
  readonly clientId?: string;
  /** Default 3600. Negative for a token that has expired. */
  readonly expiresInS?: number;
}

export interface SignOptions {
  /** Members of the header that are added or replaced. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs with this key in place of the issuer's own. */
  readonly key?: CryptoKey | Uint8Array;
}

/**
 * A stand-in for a Cognito user pool: it publishes keys over HTTP and signs tokens like the real one's. Like the real one it
 * is an OpenID Connect issuer as well.
 */
export interface TokenIssuer {
  readonly userPoolId: string;
  /** What the verifier takes as `endpoint`: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** `<endpoint>/<userPoolId>`. */
  readonly issuer: string;
  /** How often the key set was asked for, answered or not. */
  readonly fetches: number;
  /** Signs claims exactly as given: nothing is added or checked. */
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  idToken(subject: TokenSubject): Promise<string>;
  accessToken(subject: TokenSubject): Promise<string>;
  /** The published public key that signs now. */
  publicKey(): JWK;
  /** Signs with a new key from now on. The old keys stay published unless `withdrawOld`. */
  rotateKeys(options?: { readonly withdrawOld?: boolean }): Promise<void>;
  /** While down, requests for keys are counted and their connections reset. Tokens can still be signed. */
  setDown(isDown: boolean): void;
  stop(): Promise<void>;
}

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly published: JWK & { readonly kid: string };
}

/** Starts an issuer with one key. Stop it, or the test's process stays. */
export async function startTokenIssuer(options: TokenIssuerOptions = {}): Promise<TokenIssuer> {
  const { userPoolId = 'local_boards', port = 0, clock = Date.now } = options;
  let current = await createSigningKey();
  let published = [current.published];
  let isDown = false;
  let fetches = 0;

  const server = createServer((request, response) => {
    if (request.url === `/${userPoolId}/.well-known/openid-configuration`) {
      const address = `http://${request.headers.host}/${userPoolId}`;
      response.end(JSON.stringify({ issuer: address, jwks_uri: `${address}/.well-known/jwks.json` }));
      return;
    }
    if (request.url !== `/${userPoolId}/.well-known/jwks.json`) {
      response.writeHead(404).end();
      return;
    }
    fetches += 1;
    if (isDown) request.socket.resetAndDestroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${endpoint}/${userPoolId}`;

  async function sign(claims: JWTPayload, { header, key }: SignOptions = {}): Promise<string> {
    const protectedHeader = { alg: 'RS256', kid: current.published.kid, ...header };
    const token = await new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key ?? current.privateKey);
    collectSecret(token.slice(token.lastIndexOf('.') + 1).slice(0, 40));
    return token;
  }

  const commonClaims = ({ username, sub = `sub-of-${username}`, groups, expiresInS = 3600 }: TokenSubject) => {
    const nowS = Math.floor(clock() / 1000);
    const times = { iat: nowS, auth_time: nowS, exp: nowS + expiresInS };
    return { sub, iss: issuer, jti: randomUUID(), ...times, ...(groups && { 'cognito:groups': [...groups] }) };
  };

  return {
    userPoolId,
    endpoint,
    issuer,
    sign,
    get fetches() {
      return fetches;
    },
    idToken: (subject) =>
      sign({
        ...commonClaims(subject),
        token_use: 'id',
        aud: subject.clientId ?? 'boards-web',
        'cognito:username': subject.username,
        email: subject.email ?? `${subject.username}@example.com`,
      }),
    accessToken: (subject) =>
      sign({
        ...commonClaims(subject),
        token_use: 'access',
        client_id: subject.clientId ?? 'boards-web',
        username: subject.username,
        scope: 'aws.cognito.signin.user.admin',
      }),
    publicKey: () => current.published,
    async rotateKeys({ withdrawOld = false } = {}) {
      current = await createSigningKey();
      published = withdrawOld ? [current.published] : [...published, current.published];
    },
    setDown(value) {
      isDown = value;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Verifiers keep their connections alive; without this, close would wait for them.
      server.closeAllConnections();
      await closed;
    },
  };
}

async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  return { privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
