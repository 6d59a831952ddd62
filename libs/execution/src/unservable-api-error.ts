/** An API that cannot be served with the settings of this process. A process shows the message and does not start. */
export class UnservableApiError extends Error {
  override readonly name = 'UnservableApiError';

  /** @param faults at least one, each what is wrong and what to do, in sentences */
  constructor(
    readonly apiName: string,
    readonly faults: readonly string[],
    options?: ErrorOptions,
  ) {
    super([`The API ${apiName} cannot be served here:`, ...faults.map((fault) => `  ${fault}`)].join('\n'), options);
  }
}
