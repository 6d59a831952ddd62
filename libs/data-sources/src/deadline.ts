/** What was to be done was not done in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'ERR_DEADLINE';
}

/**
 * Runs something that ends when its signal fires, and fires it after `timeoutMs` or when the outer signal does. A rejection
 * after the time was up is a {@link DeadlineError} with what was thrown as its cause; one that the outer signal brought about is
 * thrown as it is.
 */
export async function withDeadline<Result>(
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    return await run(signal ? AbortSignal.any([timeout.signal, signal]) : timeout.signal);
  } catch (error) {
    if (!timeout.signal.aborted || signal?.aborted) throw error;
    throw new DeadlineError(`Not done in ${timeoutMs} ms.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
