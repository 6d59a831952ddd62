/**
 * The log could not be reached, or did not answer in time. Thrown by `append`, `read`, `page` and `tail`. After a failed
 * append it is unknown whether the entries were written; appending the same batch again is safe. `cause` has what the log
 * or the network said, for our own log: it may name hosts, so it is never shown to a client.
 */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
}
