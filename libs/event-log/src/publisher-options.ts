/** Settings of a `Publisher`; every one has a default. */
export interface PublisherOptions {
  /**
   * Longest wait of `publish` for the log's acknowledgement, in milliseconds. Default 500: far above what a healthy log
   * needs (about 1), and short enough that a mutation still answers when the log is away.
   */
  readonly ackTimeoutMs?: number;
  /** Most bytes of one entry's payload. Default 1,048,576: four times what AppSync lets an event have (240 KB). */
  readonly maxEntryBytes?: number;
  /** Entries that may wait for the log. Default 10,000: a hundred seconds at 100 events a second. */
  readonly maxQueuedEntries?: number;
  /** Bytes that may wait for the log. Default 67,108,864 (64 MiB): an eighth of the api pod's usual 512 MiB. */
  readonly maxQueuedBytes?: number;
  /** Entries of one append. Default 100: the log serves others between two batches. */
  readonly maxBatchEntries?: number;
  /** Payload bytes of one append. Default 4,194,304: a bigger command stalls other commands of a single-threaded Redis. */
  readonly maxBatchBytes?: number;
  /** First pause after a failed append, in milliseconds; doubled each time. Default 50: a lost connection is back by then. */
  readonly firstRetryMs?: number;
  /** Longest pause, in milliseconds. Default 2000: deferred events leave within seconds after the log is back. */
  readonly longestRetryMs?: number;
  /** Called for each append that failed; it is tried again by itself. Default: nothing. */
  readonly onError?: (error: unknown) => void;
}

export const publisherDefaults = Object.freeze({
  ackTimeoutMs: 500,
  maxEntryBytes: 1_048_576,
  maxQueuedEntries: 10_000,
  maxQueuedBytes: 67_108_864,
  maxBatchEntries: 100,
  maxBatchBytes: 4_194_304,
  firstRetryMs: 50,
  longestRetryMs: 2000,
  onError: () => undefined,
}) satisfies Required<PublisherOptions>;

/**
 * Part of the queue's bounds that stays open, beyond them, for mutations that were let in before the queue was full: their
 * data is written already, so their events must still find room.
 */
export const reserveShare = 0.25;
