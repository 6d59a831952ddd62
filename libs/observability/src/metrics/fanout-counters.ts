/**
 * What the fan-out counts. Plain numbers, because some are counted once for each subscriber of each event: they are added to in place
 * and read when metrics are scraped.
 */
export class FanoutCounters {
  /** Events of the log that were handed to the fan-out. */
  events = 0;
  /** Invalidations of the log that were handed to it. */
  invalidations = 0;
  /** Subscriptions whose filter let an event through. */
  matches = 0;
  /** Texts that were made: one for an event and a delivery group, however many subscriptions it has. */
  projections = 0;
  /** Events that were given to a subscription's connection. */
  deliveries = 0;
  /** Deliveries that failed in a way nobody expected; the log has each. */
  failedDeliveries = 0;
  /** UTF-8 bytes of the texts that were delivered, each time they were; frames and ids around them are not counted. */
  deliveredBytes = 0;
  /** Deliveries that a newer one of their subscription took the place of, because the client did not keep up. */
  supersededDeliveries = 0;
  /** Writes to sockets: one holds all that waits for the connection. */
  writes = 0;
}
