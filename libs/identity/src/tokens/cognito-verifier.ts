import type { Verifier } from '../verifier.js';
import { compileClientPattern } from './client-pattern.js';
import { readCognitoClaims } from './cognito-claims.js';
import { createKeySet } from './key-set.js';
import type { KeySet } from './key-set.js';
import { createTokenCache } from './token-cache.js';
import type { TokenCache } from './token-cache.js';
import { createTokenVerifier } from './token-verifier.js';

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
  /** Default: one of its own. Give one to share it with the API's other verifiers. */
  readonly cache?: TokenCache;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Called when the pool's keys could not be read, at most once a second. Not of use beside `keySet`. Must not throw. */
  readonly onFailure?: (error: Error) => void;
}

/** A verifier of one user pool's ID and access tokens. */
export interface CognitoVerifier extends Verifier {
  /** `<endpoint>/<userPoolId>`: what `iss` of a token must be, to the letter. */
  readonly issuer: string;
}

/** Throws at once on an `appIdClientRegex` that cannot be used; asks for keys only when the first token comes. */
export function createCognitoVerifier(options: CognitoVerifierOptions): CognitoVerifier {
  const { userPoolId, region, defaultAction, leewayMs = 5_000, clock = Date.now } = options;
  const endpoint = options.endpoint ?? `https://cognito-idp.${region}.amazonaws.com`;
  const issuer = `${endpoint.replace(/\/+$/, '')}/${userPoolId}`;
  const acceptsClient = compileClientPattern('appIdClientRegex', options.appIdClientRegex);
  const rules = { issuer, acceptsClient, defaultAction, leewayMs, clock };
  const url = `${issuer}/.well-known/jwks.json`;
  const verifier = createTokenVerifier({
    mode: 'AMAZON_COGNITO_USER_POOLS',
    isIssuer: (iss) => iss === issuer,
    // The only one of a user pool.
    algorithms: ['RS256'],
    keySet: options.keySet ?? createKeySet({ url, onFailure: options.onFailure }),
    cache: options.cache ?? createTokenCache(),
    readClaims: (claims) => readCognitoClaims(claims, rules),
    clock,
  });
  return Object.freeze({ ...verifier, issuer });
}
