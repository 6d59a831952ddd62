/** How far back the log reaches: a client that was away longer is told of a gap and refetches. */
export interface Retention {
  /**
   * Entries kept. Default 100,000: at 100 events a second that is a quarter of an hour, for about 100 MB of Redis memory
   * with payloads of 1 KB. Redis removes whole blocks, so it may keep somewhat more, never fewer.
   */
  readonly maxEntries?: number;
  /**
   * Milliseconds an entry is kept, unless `maxEntries` pushes it out first. Default 3,600,000 (an hour): longer than a
   * phone sleeps in a pocket between two looks, short enough that personal data does not stay. Applied at appends, in
   * whole blocks: an idle log keeps its last entries longer.
   */
  readonly maxAgeMs?: number;
  /**
   * Sticky invalidations kept, each until it is over, whatever becomes of the log's entries. Default 10,000: with the largest
   * payloads, of 4 KiB, that is 40 MB here and in each gateway. Of more, those that are over soonest are dropped.
   */
  readonly maxStickyInvalidations?: number;
}

export const defaultRetention = Object.freeze({
  maxEntries: 100_000,
  maxAgeMs: 3_600_000,
  maxStickyInvalidations: 10_000,
}) satisfies Required<Retention>;
