import { FieldError } from '#libs/protocol';

/**
 * The end of a request's time. The signal is made when something asks for it that has to wait: most requests end before, and a
 * timer for each would be in vain.
 */
export class RequestDeadline implements Disposable {
  private readonly endsAt: number;
  private controller: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Starts the time of a request. Dispose of it when the request is answered. */
  constructor(timeoutMs: number) {
    this.endsAt = performance.now() + timeoutMs;
  }

  /** Fires with AppSync's error (AppSync reference, section 9), which data source calls that are under way then end with. */
  get signal(): AbortSignal {
    if (!this.controller) {
      const controller = new AbortController();
      this.controller = controller;
      const leftMs = this.endsAt - performance.now();
      if (leftMs <= 0) controller.abort(timedOut());
      else this.timer = setTimeout(() => controller.abort(timedOut()), leftMs);
    }
    return this.controller.signal;
  }

  /** Asks the clock where nothing has fired: a timer is late where the process is busy. */
  get isOver(): boolean {
    return this.controller?.signal.aborted === true || performance.now() >= this.endsAt;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }
}

/** What a field ends with when the time of its request is over. */
export function timedOut(): FieldError {
  return new FieldError('Execution timed out.', 'ExecutionTimeout');
}
