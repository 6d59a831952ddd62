/**
 * A subscription as graphql-ws sees it: an iterator that yields nothing and ends when the subscription does. The library
 * awaits it, answers a client's `complete` by returning it, and sends `complete` when it ends; deliveries never pass through.
 */
export class PendingSubscription implements AsyncGenerator<never, void, void> {
  private readonly ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  private isEnded = false;

  /** `onEnd` runs once, whoever ends the subscription: the client, its connection or `end`. */
  constructor(private readonly onEnd: () => void) {}

  /** Ends the subscription from the server; the library then tells the client. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.onEnd();
    this.ended.resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<never, void>> {
    return this.ended.promise;
  }

  return(): Promise<IteratorResult<never, void>> {
    this.end();
    return this.ended.promise;
  }

  throw(): Promise<IteratorResult<never, void>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
