/**
 * A filter that cannot be used. Thrown by `parseFilterGroup` and `toSubscriptionFilter`; the gateway answers the `start`
 * with an `error` frame of `message` and `errorCode` (AppSync reference, 1.4), a resolver run ends with a field error.
 */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  /** AppSync's code for a refused filter. */
  readonly errorCode = 400;

  constructor(
    /** AppSync's own text where it has one: clients compare it. */
    message: string,
    /** Where the fault is, from the root of what was given: `filterGroup[0].filters[2].value`, `input.or[1].severity`. */
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
