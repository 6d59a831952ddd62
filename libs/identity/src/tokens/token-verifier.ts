import type { JsonObject, JsonValue } from '#libs/protocol';
import { readBearerToken } from '../credentials.js';
import type { AuthMode } from '../identity.js';
import { refuse } from '../refuse.js';
import type { Verifier } from '../verifier.js';
import { maxTokenLength, readPresentedToken } from './json-web-token.js';
import type { JsonWebToken } from './json-web-token.js';
import type { KeySet } from './key-set.js';
import { refuseToken } from './refuse-token.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';
import type { SigningKey } from './signing-key.js';
import type { TokenCache, VerifiedToken } from './token-cache.js';
import type { VerifiedClaims } from './verified-claims.js';
import { verifySignature } from './verify-signature.js';

/** What tells the tokens of one issuer from all others. */
export interface TokenRules {
  readonly mode: AuthMode;
  /** True for the `iss` of this issuer's tokens. */
  readonly isIssuer: (iss: JsonValue | undefined) => boolean;
  /** The only algorithms; never a token's to choose, or it could name HS256 and the public key as its secret. */
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly keySet: KeySet;
  readonly cache: TokenCache;
  /** Holds signed claims against every other rule. Throws the refusal. */
  readonly readClaims: (claims: JsonObject) => VerifiedClaims;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** How a token says that it was signed. */
interface Signer {
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
}

/**
 * The verifier of an issuer's JSON Web Tokens, whatever the issuer. In this order: form, algorithm and issuer, before anybody
 * is asked for keys; the key, by `kid` in the issuer's set alone (`jwk`, `jku`, `x5u` and `x5c` are not read); the signature;
 * the claims. A cached token skips all of it for as long as its time and its key last.
 */
export function createTokenVerifier(rules: TokenRules): Verifier {
  const { mode, keySet, cache, clock } = rules;

  const verifier: Verifier = Object.freeze({
    mode,
    claims(credentials) {
      const token = readBearerToken(credentials);
      if (token === null) return false;
      return rules.isIssuer(cache.peek(token)?.issuer ?? readPresentedToken(credentials)?.claims['iss']);
    },
    async verify(credentials) {
      const token = readBearerToken(credentials);
      if (token === null) throw refuse('missing');
      const known = cache.get(token);
      if (known !== undefined && stillHolds(known)) return known.identify(credentials.sourceIp);
      const verified = await verifyToken(token, readPresentedToken(credentials));
      cache.set(token, verified);
      return verified.identify(credentials.sourceIp);
    },
  } satisfies Verifier);

  function stillHolds({ verifiedBy, fromMs, untilMs, keyId, key }: VerifiedToken): boolean {
    const nowMs = clock();
    return verifiedBy === verifier && fromMs <= nowMs && nowMs < untilMs && keySet.current(keyId) === key;
  }

  async function verifyToken(token: string, parsed: JsonWebToken | undefined): Promise<VerifiedToken> {
    if (parsed === undefined) throw refuseUnreadable(token);
    const signer = readSigner(parsed, rules);
    const key = await keySet.find(signer.keyId);
    requireUsable(key, signer);
    await verifySignature(token, parsed.signature, key, signer.algorithm);
    const claims = rules.readClaims(parsed.claims);
    return { ...claims, verifiedBy: verifier, issuer: parsed.claims['iss'] as string, keyId: signer.keyId, key };
  }

  return verifier;
}

function refuseUnreadable({ length }: string) {
  if (length <= maxTokenLength) return refuseToken('The text is no JSON Web Token.', 'unparsable');
  return refuseToken(`The token has ${length} characters; at most ${maxTokenLength} are looked at.`, 'unparsable');
}

/** All that can be told before a key is known: a token of another issuer must not make us ask for keys. */
function readSigner({ header, claims }: JsonWebToken, { algorithms, isIssuer }: TokenRules): Signer {
  const { alg, kid, crit } = header;
  const algorithm = algorithms.find((name) => name === alg);
  if (algorithm === undefined) throw refuseToken(`The algorithm of the token is none of ${algorithms.join(', ')}.`);
  // It asks to refuse what is not understood, and libraries differ in what they understand.
  if (crit !== undefined) throw refuseToken('The token has critical header members.');
  if (!isIssuer(claims['iss'])) throw refuseToken('The token is of another issuer.');
  if (typeof kid !== 'string') throw refuseToken('The token names no key.');
  return { keyId: kid, algorithm };
}

function requireUsable(key: SigningKey | null, { algorithm }: Signer): asserts key is SigningKey {
  if (key === null) throw refuseToken('The issuer has no key of the id that the token names.');
  if (!key.algorithms.includes(algorithm)) throw refuseToken(`The key of the token is not for ${algorithm}.`);
}
