import type { Verifier } from '../verifier.js';
import { compileClientPattern } from './client-pattern.js';
import { createDiscovery, isSameIssuer } from './discovery.js';
import { createKeySet } from './key-set.js';
import type { KeySet } from './key-set.js';
import { readOpenIdConnectClaims } from './open-id-connect-claims.js';
import { signatureAlgorithms } from './signature-algorithm.js';
import { createTokenCache } from './token-cache.js';
import type { TokenCache } from './token-cache.js';
import { createTokenVerifier } from './token-verifier.js';

export interface OpenIdConnectVerifierOptions {
  /**
   * The issuer's name, which is the address that its `/.well-known/openid-configuration` is below. https; http only for an
   * issuer on the same machine. A slash at its end does not count.
   */
  readonly issuer: string;
  /** Which clients of the issuer may call, a regular expression over the whole of `azp` or of one `aud`. Default: all. */
  readonly clientId?: string;
  /** Longest time since `iat`, in milliseconds. Default, and 0: none but `exp`. */
  readonly iatTtlMs?: number;
  /** Longest time since `auth_time`, in milliseconds; tokens without the claim are refused then. Default, and 0: none. */
  readonly authTtlMs?: number;
  /** Difference between the issuer's clock and ours that is forgiven, in milliseconds. Default 5,000, as for user pools. */
  readonly leewayMs?: number;
  /** Default: what discovery finds. Give one where the issuer is not reachable from here, or has no discovery. */
  readonly keySet?: KeySet;
  /** Default: one of its own. Give one to share it with the API's other verifiers. */
  readonly cache?: TokenCache;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Called when the issuer's keys could not be found or read. Not of use beside `keySet`. Must not throw. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * A verifier of one OpenID Connect issuer's ID tokens and JWT access tokens, signed with RS, PS or ES 256 to 512 or EdDSA. HS256
 * to HS512, which AppSync lists, are refused: their key would have to be secret, and a key set is public.
 *
 * `iss` is always compared. AppSync does it only for an API with several modes; but issuers share keys (all tenants of some
 * providers are signed for with one set), and then the signature alone lets in the users of all of them.
 *
 * Throws at once on an issuer or a `clientId` that cannot be used; asks the issuer only when the first token comes.
 */
export function createOpenIdConnectVerifier(options: OpenIdConnectVerifierOptions): Verifier {
  const { issuer, leewayMs = 5_000, clock = Date.now, onFailure } = options;
  const url = createDiscovery({ issuer, onFailure });
  const rules = {
    issuer,
    acceptsClient: compileClientPattern('clientId', options.clientId),
    iatTtlMs: options.iatTtlMs || null,
    authTtlMs: options.authTtlMs || null,
    leewayMs,
    clock,
  };
  return createTokenVerifier({
    mode: 'OPENID_CONNECT',
    isIssuer: (iss) => isSameIssuer(iss, issuer),
    algorithms: signatureAlgorithms,
    keySet: options.keySet ?? createKeySet({ url, onFailure }),
    cache: options.cache ?? createTokenCache(),
    readClaims: (claims) => readOpenIdConnectClaims(claims, rules),
    clock,
  });
}
