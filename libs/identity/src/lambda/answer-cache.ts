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
  readonly #options: AnswerCacheOptions;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
  }

  /** Undefined when the value's time is up, from its very millisecond on. */
  get(key: string): Value | undefined {
    const entry = this.#take(key);
    if (!entry || this.#options.clock() >= entry.expiresAtMs) return undefined;
    this.#put(key, entry);
    return entry.value;
  }

  /** Keeps the value in place of the key's last one. One that is larger than all that may be kept is not. */
  set(key: string, value: Value, { ttlMs, bytes }: { readonly ttlMs: number; readonly bytes: number }): void {
    this.#take(key);
    const entry = { value, bytes: bytes + entryOverheadBytes, expiresAtMs: this.#options.clock() + ttlMs };
    if (ttlMs > 0 && entry.bytes <= this.#options.maxBytes) this.#put(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.maxEntries && this.#bytes <= this.#options.maxBytes) break;
      this.#take(oldest);
    }
  }

  delete(key: string): void {
    this.#take(key);
  }

  #take(key: string): Entry<Value> | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return entry;
  }

  #put(key: string, entry: Entry<Value>): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }
}
