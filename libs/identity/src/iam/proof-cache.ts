/** What was found out about proofs, until they expire. */
export interface ProofCache<T> {
  /** Undefined for an unknown and for an expired proof. */
  get(digest: string): T | undefined;
  set(digest: string, value: T, expiresAtMs: number): void;
}

export interface ProofCacheOptions {
  readonly maxEntries: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** When it is full, the entry that was added first goes: proofs live for minutes, and the first is the next to expire. */
export function createProofCache<T>({ maxEntries, clock }: ProofCacheOptions): ProofCache<T> {
  const entries = new Map<string, { readonly value: T; readonly expiresAtMs: number }>();
  return {
    get(digest) {
      const entry = entries.get(digest);
      if (entry === undefined || clock() < entry.expiresAtMs) return entry?.value;
      entries.delete(digest);
      return undefined;
    },
    set(digest, value, expiresAtMs) {
      entries.delete(digest);
      entries.set(digest, { value, expiresAtMs });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}
