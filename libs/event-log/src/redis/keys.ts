/** Redis keys of one partition of one API's log. */
export interface LogKeys {
  /** The stream. */
  readonly log: string;
  /** A string: the epoch of the history that the stream holds. Written with the stream, so a flush takes both. */
  readonly epoch: string;
  /**
   * A sorted set: the sticky invalidations that last, by when each is over. Beside the stream, because retention of the stream must
   * not end them, and in its hash slot, because the same script writes both.
   */
  readonly sticky: string;
}

/** API and partition names stand in keys and cursors, so they must not bring braces, slashes or dots of their own. */
const namePattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The keys of an API's partition. The braces are the Redis Cluster hash tag: all keys are on one shard, so one script can
 * write them, and partitions spread over shards. Throws a `RangeError` for a name that does not fit.
 */
export function logKeys(api: string, partition: string): LogKeys {
  for (const [what, name] of Object.entries({ api, partition })) {
    if (!namePattern.test(name)) {
      throw new RangeError(`The log's ${what} "${name}" must be 1 to 64 letters, digits, "_" or "-".`);
    }
  }
  const prefix = `starling:{${api}/${partition}}`;
  return { log: `${prefix}:log`, epoch: `${prefix}:epoch`, sticky: `${prefix}:sticky` };
}
