/** What a mutation published. */
export interface EventEntry {
  readonly kind: 'event';
  /** Name of the mutation's field. */
  readonly mutation: string;
  /** JSON text: the mutation's result cut to its selection set, `__typename` kept. */
  readonly payload: string;
  /** W3C trace context of its publishing, where the mutation was traced. Readers go on with that trace, and need not. */
  readonly traceparent?: string;
}

/** A call to end the subscriptions of one field whose invalidation filter matches the payload. */
export interface InvalidationEntry {
  readonly kind: 'invalidation';
  readonly subscriptionField: string;
  /** JSON text of the invalidation's payload. */
  readonly payload: string;
  /** As an event's. */
  readonly traceparent?: string;
  /** Id of the request that asked for it: joins what the api and what each gateway recorded of it. */
  readonly requestId?: string;
  /**
   * Whole seconds, from when the log took the entry, for which new subscriptions that the payload matches are refused. Absent:
   * the invalidation ends what is there and is over. Entries with it are kept beside the log (docs/adr/0009).
   */
  readonly stickySeconds?: number;
}

/** Events and invalidations are entries of one log, so their order is one order (docs/adr/0002). */
export type LogEntry = EventEntry | InvalidationEntry;

/**
 * An entry on its way into the log. Producer and sequence name it for ever: a reader that meets the same pair again, or
 * an older sequence of the same producer, drops it.
 */
export interface SequencedEntry {
  readonly entry: LogEntry;
  /** Identity of one publisher's life; never used again by a later process. */
  readonly producer: string;
  /** Counts that producer's entries from 1. */
  readonly sequence: number;
}
