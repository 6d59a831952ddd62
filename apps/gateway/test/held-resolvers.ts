import { expect, vi } from 'vitest';
import type { DataSource } from '#libs/data-sources';

/** Data sources that a test can stop in the middle of a call, to do something else while a subscription is starting. */
export class HeldResolvers {
  isHolding = false;
  private readonly waiting: (() => void)[] = [];

  guard(dataSource: DataSource): DataSource {
    return {
      type: dataSource.type,
      execute: async (document, call) => {
        if (this.isHolding) await new Promise<void>((resolve) => this.waiting.push(resolve));
        return dataSource.execute(document, call);
      },
      close: () => dataSource.close(),
    };
  }

  /** Resolves when so many calls wait. */
  async waitFor(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.waiting).toHaveLength(count), { timeout: 5_000, interval: 1 });
  }

  /** Lets the call go on that waits at this place, counted from the first that ever waited. */
  release(index: number): void {
    this.waiting[index]?.();
  }
}
