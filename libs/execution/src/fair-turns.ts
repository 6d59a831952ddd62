/** Work that resolvers may do in one turn of the event loop before others have theirs, in milliseconds. */
const sliceMs = 10;

/**
 * Shares the event loop between requests. Resolvers that wait for nothing (a data source of type NONE, an early return) follow
 * each other without a pause, thousands of them if a document asks for that; sockets, timers and other requests would stand
 * still until the last is done.
 */
export class FairTurns {
  #startedAt: number | undefined;
  /** Those that go on in a later turn, in their order. */
  readonly #waiting = new Set<() => void>();
  #isScheduled = false;

  /** Undefined while this turn has time and nobody waits, else a promise to wait for before going on. */
  take(): Promise<void> | undefined {
    if (this.#waiting.size === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.#schedule();
    });
  }

  #hasTime(): boolean {
    if (this.#startedAt !== undefined) return performance.now() - this.#startedAt <= sliceMs;
    this.#startedAt = performance.now();
    setImmediate(() => (this.#startedAt = undefined));
    return true;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => void this.#resume());
  }

  async #resume(): Promise<void> {
    for (const resume of this.#waiting) {
      if (!this.#hasTime()) break;
      this.#waiting.delete(resume);
      resume();
      // What was resumed runs now, up to the first thing that it waits for.
      await Promise.resolve();
    }
    this.#isScheduled = false;
    if (this.#waiting.size > 0) this.#schedule();
  }
}
