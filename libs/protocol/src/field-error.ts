/**
 * An expected failure that a client is told about: what `util.error` raises, what a data source answers when it refuses,
 * what a denied field becomes. Its members are those of an AppSync error (AppSync reference, section 9).
 *
 * Anything thrown that is not a `FieldError` is a bug: it is logged, and the client is told of an internal failure only.
 */
export class FieldError extends Error {
  override readonly name = 'FieldError';

  constructor(
    message: string,
    /** AppSync's `errorType`; null where AppSync gives none (`util.error(message)`). */
    readonly errorType: string | null = null,
    /** AppSync's `data`: a partial result the client may use. Default null. */
    readonly data: unknown = null,
    /** AppSync's `errorInfo`: free detail. Default null. */
    readonly errorInfo: unknown = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
