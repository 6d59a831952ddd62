import { RequestError } from '#libs/protocol';
import { fetchJson } from './fetch-json.js';
import type { FetchLimits } from './fetch-json.js';
import { isSameKey, readSigningKeys } from './signing-key.js';
import type { SigningKey } from './signing-key.js';

/** The public keys of one issuer. A key that was read again is the same object as before, for as long as it did not change. */
export interface KeySet {
  /**
   * The key with this id, or null when the issuer has none. Throws `RequestError('INTERNAL_FAILURE')` when that is not
   * known, because the issuer could not be asked: clients retry it, while they give up on a refusal.
   */
  find(keyId: string): Promise<SigningKey | null>;

  /**
   * The key with this id if it is known now; null says nothing about the issuer. Counts as use: a set that serves cached
   * tokens only is read again like any other, so that they do not outlive their key.
   */
  current(keyId: string): SigningKey | null;
}

export interface KeySetOptions {
  /** Address of the JSON Web Key Set, the only one that is ever asked; or how to learn it, before each request. */
  readonly url: string | (() => Promise<string>);
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

  let keys: ReadonlyMap<string, SigningKey> | null = null;
  let readAtMs = 0;
  let askedAtMs = -Infinity;
  let failure: Error | null = null;
  let pending: Promise<void> | null = null;

  const mayAsk = () => clock() - askedAtMs >= (keys === null ? firstIntervalMs : minIntervalMs);

  async function ask(): Promise<void> {
    askedAtMs = clock();
    let address: string | null = null;
    try {
      address = typeof url === 'string' ? url : await url();
      keys = keepSame(await fetchKeys(address, { timeoutMs, maxBytes }), keys);
      readAtMs = clock();
      failure = null;
    } catch (error) {
      failure = new Error(`The key set ${address ?? 'of an issuer'} could not be read.`, { cause: error });
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

  function current(keyId: string): SigningKey | null {
    const known = keys?.get(keyId) ?? null;
    if (known !== null && clock() - readAtMs >= refreshAfterMs) void refresh();
    return known;
  }

  return {
    current,
    async find(keyId) {
      const known = current(keyId);
      if (known !== null) return known;
      await refresh();
      const found = keys?.get(keyId);
      if (found !== undefined) return found;
      if (failure === null) return null;
      throw new RequestError('INTERNAL_FAILURE', 'Credentials cannot be verified at the moment.', { cause: failure });
    },
  };
}

/** A set without a usable key is a failure, so that a broken answer never empties a cache. */
async function fetchKeys(url: string, limits: FetchLimits): Promise<ReadonlyMap<string, SigningKey>> {
  const keys = readSigningKeys(await fetchJson(url, limits));
  if (keys.size === 0) throw new Error(`${url} has no key that tokens can be verified with.`);
  return keys;
}

function keepSame(
  read: ReadonlyMap<string, SigningKey>,
  before: ReadonlyMap<string, SigningKey> | null,
): ReadonlyMap<string, SigningKey> {
  const entries = [...read].map(([keyId, key]): [string, SigningKey] => {
    const old = before?.get(keyId);
    return [keyId, old !== undefined && isSameKey(old, key) ? old : key];
  });
  return new Map(entries);
}
