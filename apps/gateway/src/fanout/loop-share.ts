import { Injectable } from '@nestjs/common';

/**
 * Longest time that the fan-out works in one turn of the event loop, in milliseconds. Pings, health checks and handshakes wait
 * no longer than this and what the turn writes to sockets; 50 ms is what all of it may take together.
 */
export const maxTurnMs = 10;

/** Steps between two looks at the clock, which costs about as much as one of them. */
const stepsPerLook = 32;

/**
 * The fan-out's share of the event loop. Work for very many subscribers is cut into slices, and between two of them the loop
 * does what else there is to do. What is done in one turn counts together, however many entries of the log it was for.
 */
@Injectable()
export class LoopShare {
  private isCounting = false;
  private endsAt = 0;
  private waiting = 0;

  /** Whether the share of this turn is used up; then `nextTurn` is waited for. */
  get isSpent(): boolean {
    if (!this.isCounting) this.begin();
    return performance.now() >= this.endsAt;
  }

  /** Whether work waits for its next turn: more deliveries are about to come, and writing may be worth a wait for them. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  /** Resolves in the next turn, after the loop has looked at its sockets and timers. */
  nextTurn(): Promise<void> {
    this.waiting += 1;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.waiting -= 1;
        this.begin();
        resolve();
      });
    });
  }

  /**
   * Does `step(0)` to `step(count - 1)` in order. Undefined when all is done, else a promise that resolves when it is. What a
   * step throws ends the work and is thrown on: a step that others depend on must not.
   */
  run(count: number, step: (index: number) => void): Promise<void> | undefined {
    const done = this.runTurn(0, count, step);
    return done < count ? this.runTurns(done, count, step) : undefined;
  }

  private async runTurns(from: number, count: number, step: (index: number) => void): Promise<void> {
    for (let done = from; done < count;) {
      await this.nextTurn();
      done = this.runTurn(done, count, step);
    }
  }

  private runTurn(from: number, count: number, step: (index: number) => void): number {
    let index = from;
    do {
      const end = Math.min(count, index + stepsPerLook);
      for (; index < end; index += 1) step(index);
    } while (index < count && !this.isSpent);
    return index;
  }

  private begin(): void {
    this.endsAt = performance.now() + maxTurnMs;
    if (this.isCounting) return;
    this.isCounting = true;
    // The turn is over when the loop comes to its immediates.
    setImmediate(() => (this.isCounting = false));
  }
}
