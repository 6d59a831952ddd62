import type { TimerWheel, WheelTimer } from './timer-wheel.js';

export interface TokenExpiryOptions {
  readonly timers: TimerWheel;
  /** Called once for each end that is watched, when no more than `warningMs` are left. Default: nobody is warned. */
  readonly onWarning?: (leftMs: number) => void;
  readonly warningMs?: number;
  /** Called once when the credentials have ended. */
  readonly onExpired: () => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Waits for the end of credentials. The end is a time of day and timers measure spans, so each call looks at the clock again:
 * a clock that was set, or a machine that slept, makes it late by no more than a tick, and never early.
 */
export class TokenExpiry {
  private timer: WheelTimer | undefined;

  constructor(private readonly options: TokenExpiryOptions) {}

  /** Watches this end, in milliseconds since the epoch, in place of the one before. Null: there is none. */
  watch(expiresAtMs: number | null): void {
    this.stop();
    const { onWarning, warningMs = 0 } = this.options;
    if (expiresAtMs === null) return;
    const awaitEnd = (): void => this.at(expiresAtMs, this.options.onExpired);
    if (!onWarning || warningMs === 0) return awaitEnd();
    this.at(expiresAtMs - warningMs, () => {
      awaitEnd();
      onWarning(Math.max(0, expiresAtMs - this.now()));
    });
  }

  stop(): void {
    this.options.timers.cancel(this.timer);
    this.timer = undefined;
  }

  private at(timeMs: number, run: () => void): void {
    this.timer = this.options.timers.after(timeMs - this.now(), () => {
      if (this.now() < timeMs) this.at(timeMs, run);
      else run();
    });
  }

  private now(): number {
    return (this.options.clock ?? Date.now)();
  }
}

/** True when credentials with this end are over. */
export function isExpired(expiresAtMs: number | null, nowMs: number = Date.now()): boolean {
  return expiresAtMs !== null && expiresAtMs <= nowMs;
}

/** True when credentials that end at `next` last longer than those that end at `current`. */
export function outlasts(next: number | null, current: number | null): boolean {
  return current !== null && (next === null || next > current);
}
