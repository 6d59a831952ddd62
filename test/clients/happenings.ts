/** What happens in a client's process, in order. */
export type Happening =
  | {
      readonly event: 'answer';
      readonly request: number;
      readonly data?: unknown;
      readonly errors?: readonly { readonly message: string }[];
    }
  | { readonly event: 'delivery'; readonly subscription: number; readonly data: unknown }
  | { readonly event: 'error'; readonly subscription: number; readonly message: string }
  | { readonly event: 'complete'; readonly subscription: number };

/** Longest wait for something to happen, in milliseconds. Amplify's retries are seconds apart, and the machine may be busy. */
const defaultTimeoutMs = 20_000;

/** Keeps what has happened, and lets a test wait for more. */
export class Happenings {
  readonly #all: Happening[] = [];
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  get all(): readonly Happening[] {
    return this.#all;
  }

  add(happening: Happening): void {
    this.#all.push(happening);
    this.#wake();
  }

  /** Nothing will happen any more: the process has ended. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** What `find` makes of the list, as soon as that is something. Rejects after `timeoutMs`, or when nothing more can happen. */
  async waitFor<T>(find: (all: readonly Happening[]) => T | undefined, timeoutMs = defaultTimeoutMs): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = find(this.#all);
      if (found !== undefined) return found;
      if (this.#isOver || Date.now() >= deadline) throw new Error(`There was only: ${this.describe()}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, deadline - Date.now());
        this.#waiting.add(wake);
      });
    }
  }

  /** The last of them, for errors. */
  describe(): string {
    return `${this.#all.length} happenings, at last ${JSON.stringify(this.#all.slice(-5))}`;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
