import { FieldError } from '#libs/protocol';

/** The end of a request's time. */
export interface RequestDeadline extends Disposable {
  /** Fires with AppSync's error (AppSync reference, section 9), which data source calls that are under way then end with. */
  readonly signal: AbortSignal;
}

/** Starts the time of a request. Dispose of it when the request is answered. */
export function startDeadline(timeoutMs: number): RequestDeadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timedOut()), timeoutMs);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** What a field ends with when the time of its request is over. */
export function timedOut(): FieldError {
  return new FieldError('Execution timed out.', 'ExecutionTimeout');
}
