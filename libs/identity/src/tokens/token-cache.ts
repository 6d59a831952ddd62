import { LRUCache } from 'lru-cache';
import type { SigningKey } from './signing-key.js';
import type { VerifiedClaims } from './verified-claims.js';

/** A token that was verified, and what has to hold on so that it need not be verified again. */
export interface VerifiedToken extends VerifiedClaims {
  /** By whom it was verified: another verifier has other rules, and takes nobody's word. */
  readonly verifiedBy: object;
  /** `iss` of its claims. */
  readonly issuer: string;
  readonly keyId: string;
  readonly key: SigningKey;
}

/**
 * Verified tokens by their text, the least recently used forgotten first. It changes how fast an answer comes and never which:
 * a verifier checks the time and the key on every hit. Only verified tokens come in, so forged ones push nothing out.
 */
export interface TokenCache {
  /** Counts as use. */
  get(token: string): VerifiedToken | undefined;
  /** The same without counting as use, for those who only ask whose a token is. */
  peek(token: string): VerifiedToken | undefined;
  set(token: string, verified: VerifiedToken): void;
  /** Number of tokens. */
  readonly size: number;
  /** Memory of the tokens, estimated, in bytes. */
  readonly bytes: number;
}

export interface TokenCacheOptions {
  /** Most tokens. Default 10,000: as many users as one process serves at a time; more only cost a verification each. */
  readonly maxEntries?: number;
  /** Most memory, estimated, in bytes. Default 67,108,864 (64 MiB): 10,000 tokens of 1,300 characters fit. */
  readonly maxBytes?: number;
}

/**
 * Memory that a token is counted with, in bytes: the map's entry and the closures, and the text with the claims, which have
 * three quarters of its length. Twice what bench/token-verification.ts finds for a user pool's tokens, since claims with
 * many small members take more.
 */
const bytesPerToken = 1_000;
const bytesPerCharacter = 4;

/**
 * A cache to share between the verifiers of a process, so that the two bounds hold for all of them. The texts themselves are
 * the keys: a digest would take as long as all else that a hit does.
 */
export function createTokenCache({ maxEntries = 10_000, maxBytes = 67_108_864 }: TokenCacheOptions = {}): TokenCache {
  const entries = new LRUCache<string, VerifiedToken>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: (_verified, token) => sizeOf(token),
  });
  return {
    get size() {
      return entries.size;
    },
    get bytes() {
      return entries.calculatedSize;
    },
    peek: (token) => entries.peek(token),
    get: (token) => entries.get(token),
    set: (token, verified) => void entries.set(token, verified),
  };
}

function sizeOf(token: string): number {
  return bytesPerToken + bytesPerCharacter * token.length;
}
