import type { KeyObject } from 'node:crypto';
import { RequestError } from '#libs/protocol';
import { fetchSigningKeys } from './fetch-signing-keys.js';

/** The public keys of one issuer. */
export interface KeySet {
  /**
   * The key with this id, or null when the issuer has none. Throws `RequestError('INTERNAL_FAILURE')` when that is not
   * known, because the issuer could not be asked: clients retry it, while they give up on a refusal.
   */
  find(keyId: string): Promise<KeyObject | null>;
}

export interface KeySetOptions {
  /** Address of the JSON Web Key Set. The only one that is ever asked. */
  readonly url: string;
  /**
   * Age from which a set that is in use is read again in the background, in milliseconds. Default 600,000 (10 min): a
   * withdrawn key is soon forgotten, and one process costs its issuer 144 requests a day.
   */
  readonly refreshAfterMs?: number;
  /**
   * Shortest time between two requests, in milliseconds. Default 10,000: tokens with invented key ids cost the issuer
   * one request in ten seconds, and a new key, published before it signs, waits no longer than that.
   */
  readonly minIntervalMs?: number;
  /**
   * The same as long as no set was read, in milliseconds. Default 1,000: without keys nobody gets in, so an issuer that
   * starts together with us is asked more often.
   */
  readonly firstIntervalMs?: number;
  /** Longest time for one request, in milliseconds. Default 5,000: below the 15 s after which Amplify gives up a connect. */
  readonly timeoutMs?: number;
  /** Largest answer, in bytes. Default 65,536: a hundred keys, where a user pool has two. */
  readonly maxBytes?: number;
  /** Monotonic milliseconds. Default `performance.now`, which no change of the wall clock can stop. */
  readonly clock?: () => number;
  /** Called for each failed request, also for those in the background, which nobody else hears of. Must not throw. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * A key set that asks its issuer as rarely as it can: one request serves all who wait, known keys never wait, and they
 * serve for as long as the issuer is away. It starts no timer; the first `find` reads the set.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  const { url, refreshAfterMs = 600_000, minIntervalMs = 10_000, firstIntervalMs = 1_000 } = options;
  const { timeoutMs = 5_000, maxBytes = 65_536, clock = () => performance.now(), onFailure } = options;

  let keys: ReadonlyMap<string, KeyObject> | null = null;
  let readAtMs = 0;
  let askedAtMs = -Infinity;
  let failure: Error | null = null;
  let pending: Promise<void> | null = null;

  const mayAsk = () => clock() - askedAtMs >= (keys === null ? firstIntervalMs : minIntervalMs);

  async function ask(): Promise<void> {
    askedAtMs = clock();
    try {
      keys = await fetchSigningKeys(url, { timeoutMs, maxBytes });
      readAtMs = clock();
      failure = null;
    } catch (error) {
      failure = new Error(`The key set ${url} could not be read.`, { cause: error });
      onFailure?.(failure);
    } finally {
      pending = null;
    }
  }

  /** Joins the request that is under way, else starts one if the interval allows. Never rejects. */
  function refresh(): Promise<void> {
    if (pending === null && mayAsk()) pending = ask();
    return pending ?? Promise.resolve();
  }

  return {
    async find(keyId) {
      const known = keys?.get(keyId);
      if (known !== undefined) {
        if (clock() - readAtMs >= refreshAfterMs) void refresh();
        return known;
      }
      await refresh();
      const found = keys?.get(keyId);
      if (found !== undefined) return found;
      if (failure === null) return null;
      throw new RequestError('INTERNAL_FAILURE', 'Credentials cannot be verified at the moment.', { cause: failure });
    },
  };
}
