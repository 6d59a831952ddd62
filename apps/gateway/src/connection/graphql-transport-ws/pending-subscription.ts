/**
 * A subscription as graphql-ws sees it: an iterator that yields nothing and ends when the subscription does. The library
 * awaits it, answers a client's `complete` by returning it, sends `complete` when it ends and `error` when it fails; deliveries
 * never pass through.
 */
export class PendingSubscription implements AsyncGenerator<never, void, void> {
  private readonly ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
  private isEnded = false;

  /** `onEnd` runs once, whoever ends the subscription: the client, its connection, `end` or `fail`. */
  constructor(private readonly onEnd: () => void) {
    // The library may have stopped waiting when it fails.
    this.ended.promise.catch(() => undefined);
  }

  /** Ends the subscription from the server; the library then tells the client. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.onEnd();
    this.ended.resolve({ done: true, value: undefined });
  }

  /** Ends the subscription from the server with an error; the library then tells the client. */
  fail(error: Error): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.onEnd();
    this.ended.reject(error);
  }

  next(): Promise<IteratorResult<never, void>> {
    return this.ended.promise;
  }

  return(): Promise<IteratorResult<never, void>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
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
