import type { KeyObject } from 'node:crypto';
import { compactVerify, errors as joseErrors } from 'jose';
import type { JsonObject } from '#libs/protocol';
import { compileAppClientPattern } from './app-client-pattern.js';
import { readCognitoClaims } from './cognito-claims.js';
import { readBearerToken } from './credentials.js';
import type { Identity } from './identity.js';
import { parseJsonWebToken, readJsonWebToken } from './json-web-token.js';
import type { JsonWebToken } from './json-web-token.js';
import { createKeySet } from './key-set.js';
import type { KeySet } from './key-set.js';
import { refuse } from './refuse.js';
import type { Verifier } from './verifier.js';

/**
 * The only signature algorithm of a user pool. Fixed here and not taken from a token, or a token could choose HS256 with
 * the public key as its secret.
 */
export const cognitoAlgorithm = 'RS256';

export interface CognitoVerifierOptions {
  /** `eu-central-1_aBcDeFgHi`, or any name for a pool that is not Amazon's. */
  readonly userPoolId: string;
  readonly region: string;
  /**
   * Address of the service that the issuer's name starts with. Default `https://cognito-idp.<region>.amazonaws.com`; set
   * it for a local user pool (`http://localhost:9229`). It must be spelled as in the tokens; slashes at the end are dropped.
   */
  readonly endpoint?: string;
  /** Which app clients of the pool may call, a regular expression over the whole client id. Default: all. */
  readonly appIdClientRegex?: string;
  /** What happens on fields without `@aws_auth`; reaches resolvers as `$ctx.identity.defaultAuthStrategy`. */
  readonly defaultAction: 'ALLOW' | 'DENY';
  /**
   * Difference between the pool's clock and ours that is forgiven, in milliseconds. Default 5,000: clocks kept by NTP
   * differ by less, and a revoked user gains no more than that.
   */
  readonly leewayMs?: number;
  /** Default: the pool's own, at `<issuer>/.well-known/jwks.json`. Give one where that address is not reachable from here. */
  readonly keySet?: KeySet;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * A verifier of one user pool's ID and access tokens.
 *
 * `verify` is the whole check. The two halves stand open for a host that lets another library check the signature, such
 * as passport-jwt: give it `keyFor` as the key, `cognitoAlgorithm` as the only algorithm, leave time to us
 * (`ignoreExpiration` and `ignoreNotBefore`), and end with `identityFromClaims`. Both ways refuse the same tokens.
 */
export interface CognitoVerifier extends Verifier {
  /** `<endpoint>/<userPoolId>`: what `iss` of a token must be, to the letter. */
  readonly issuer: string;

  /**
   * The key that must have signed this token, an RSA key of the pool that node:crypto and jsonwebtoken take. Only the
   * token's `kid` is heeded; `jwk`, `jku`, `x5u` and `x5c` are not read. Throws the refusal of a token that cannot be
   * good: unparsable, of another issuer or algorithm, with an unknown key or with critical extensions.
   */
  keyFor(token: string): Promise<KeyObject>;

  /** The identity of claims whose signature was verified with {@link keyFor}; throws when any other check fails. */
  identityFromClaims(claims: JsonObject, sourceIp: readonly string[]): Identity;
}

/** Throws at once on an `appIdClientRegex` that cannot be used; asks for keys only when the first token comes. */
export function createCognitoVerifier(options: CognitoVerifierOptions): CognitoVerifier {
  const { userPoolId, region, defaultAction, leewayMs = 5_000, clock = Date.now } = options;
  const endpoint = options.endpoint ?? `https://cognito-idp.${region}.amazonaws.com`;
  const issuer = `${endpoint.replace(/\/+$/, '')}/${userPoolId}`;
  const keySet = options.keySet ?? createKeySet({ url: `${issuer}/.well-known/jwks.json` });
  const acceptsClient = compileAppClientPattern(options.appIdClientRegex);
  const rules = { issuer, acceptsClient, defaultAction, leewayMs, clock };

  async function findKey({ header, claims }: JsonWebToken): Promise<KeyObject> {
    // `crit` asks to refuse what is not understood, and libraries differ in what they understand.
    if (header['alg'] !== cognitoAlgorithm || header['crit'] !== undefined) throw refuse('refused');
    // Before the key: a token of another issuer must not make us ask for keys.
    if (claims['iss'] !== issuer || typeof header['kid'] !== 'string') throw refuse('refused');
    const key = await keySet.find(header['kid']);
    if (key === null) throw refuse('refused');
    return key;
  }

  const identityFromClaims = (claims: JsonObject, sourceIp: readonly string[]) =>
    readCognitoClaims(claims, sourceIp, rules);

  return Object.freeze({
    mode: 'AMAZON_COGNITO_USER_POOLS',
    issuer,
    keyFor: async (token) => findKey(parseJsonWebToken(token)),
    identityFromClaims,
    claims(credentials) {
      const token = readBearerToken(credentials);
      return token !== null && readJsonWebToken(token)?.claims['iss'] === issuer;
    },
    async verify(credentials) {
      const token = readBearerToken(credentials);
      if (token === null) throw refuse('missing');
      const parsed = parseJsonWebToken(token);
      await verifySignature(token, await findKey(parsed));
      return identityFromClaims(parsed.claims, credentials.sourceIp);
    },
  } satisfies CognitoVerifier);
}

async function verifySignature(token: string, key: KeyObject): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [cognitoAlgorithm] });
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw refuse('refused', error);
    throw error;
  }
}
