/** A function that waits for its time on a wheel. */
export interface WheelTimer {
  /** Which slot holds it, and the tick it is due at; owned by the wheel. */
  readonly due: number;
}

interface WaitingTimer extends WheelTimer {
  readonly run: (target: unknown) => void;
  readonly target: unknown;
}

export interface TimerWheelOptions {
  /** Called with what a timer's function threw; the other timers run all the same. */
  readonly onFailure: (error: unknown) => void;
  /** Resolution, in milliseconds. Default 50: nobody notices it in times of seconds, and an idle process wakes 20 times a second. */
  readonly tickMs?: number;
  /**
   * Slots of the wheel. Default 2,048, so that a turn takes 102 s: timers of seconds are looked at once, and one of 24 hours
   * is passed over 847 times.
   */
  readonly slots?: number;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * One timer of Node for any number of waiting functions: adding and cancelling cost the same however many wait. Every
 * connection has several, nearly all of which are cancelled; a timer of Node for each would be sorted for nothing.
 *
 * A function runs at its time or up to one tick later, never before. After the process was held up, all that has become due
 * runs in the order of time, to the tick.
 */
export class TimerWheel {
  private readonly slots: Set<WaitingTimer>[];
  private readonly tickMs: number;
  private readonly now: () => number;
  private readonly onFailure: (error: unknown) => void;
  private readonly startedAt: number;
  private readonly interval: NodeJS.Timeout;
  /** The last tick that was handled. */
  private tick = 0;
  private waiting = 0;

  constructor({ onFailure, tickMs = 50, slots = 2_048, now = () => performance.now() }: TimerWheelOptions) {
    this.slots = Array.from({ length: slots }, () => new Set());
    this.tickMs = tickMs;
    this.now = now;
    this.onFailure = onFailure;
    this.startedAt = now();
    // Whoever keeps the process alive is not a timer.
    this.interval = setInterval(() => this.advance(), tickMs).unref();
  }

  /** Functions that wait. */
  get size(): number {
    return this.waiting;
  }

  /**
   * Runs a function once, `delayMs` from now. A delay of 0 or less is the next tick. With a `target` to run it on, one function
   * does for all timers of a kind; a closure for each takes three times the memory.
   */
  after(delayMs: number, run: () => void): WheelTimer;
  after<Target>(delayMs: number, run: (target: Target) => void, target: Target): WheelTimer;
  after(delayMs: number, run: (target: never) => void, target?: unknown): WheelTimer {
    const elapsed = this.now() - this.startedAt + Math.max(0, delayMs);
    const timer: WaitingTimer = {
      due: Math.max(this.tick + 1, Math.ceil(elapsed / this.tickMs)),
      run: run as WaitingTimer['run'],
      target,
    };
    this.slotOf(timer.due).add(timer);
    this.waiting += 1;
    return timer;
  }

  /** The function will not run. One that has run, or was cancelled, or was never there, may be cancelled again. */
  cancel(timer: WheelTimer | undefined): void {
    if (timer && this.slotOf(timer.due).delete(timer as WaitingTimer)) this.waiting -= 1;
  }

  /** Drops everything that waits. Nothing added later runs either. */
  stop(): void {
    clearInterval(this.interval);
    for (const slot of this.slots) slot.clear();
    this.waiting = 0;
  }

  private slotOf(due: number): Set<WaitingTimer> {
    return this.slots[due % this.slots.length]!;
  }

  private advance(): void {
    const target = Math.floor((this.now() - this.startedAt) / this.tickMs);
    while (this.tick < target) {
      this.tick += 1;
      const slot = this.slotOf(this.tick);
      for (const timer of slot) {
        // Of a later turn; or added by a function that runs right now, for a later turn.
        if (timer.due > this.tick) continue;
        slot.delete(timer);
        this.waiting -= 1;
        this.run(timer);
      }
    }
  }

  private run(timer: WaitingTimer): void {
    try {
      timer.run(timer.target);
    } catch (error) {
      this.onFailure(error);
    }
  }
}
