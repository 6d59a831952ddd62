import { LRUCache } from 'lru-cache';

/** What an entry costs beside its value, in bytes: the key, the map's slot, the objects around them. */
const entryOverheadBytes = 512;

export interface AnswerCacheOptions {
  readonly maxEntries: number;
  /** Bound on the sizes of all entries together, as they are told, with some 512 bytes more for each. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
  readonly expiresAtMs: number;
}

/** Values that are kept for a time each. Where there are too many, those that were not asked for the longest go first. */
export class AnswerCache<Value> {
  readonly #clock: () => number;
  readonly #entries: LRUCache<string, Entry<Value>>;

  constructor({ maxEntries, maxBytes, clock }: AnswerCacheOptions) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max: maxEntries, maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
  }

  /** Undefined when the value's time is up, from its very millisecond on. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry || this.#clock() < entry.expiresAtMs) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Keeps the value in place of the key's last one. One that is larger than all that may be kept is not. */
  set(key: string, value: Value, { ttlMs, bytes }: { readonly ttlMs: number; readonly bytes: number }): void {
    // Not the library's own time to live, whose last millisecond belongs to it.
    if (ttlMs <= 0) return this.delete(key);
    this.#entries.set(key, { value, bytes: bytes + entryOverheadBytes, expiresAtMs: this.#clock() + ttlMs });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
