/** The promise's outcome, or the signal's reason if that fires first. What the promise stands for goes on. */
export function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    signal.addEventListener('abort', abort, { once: true, signal: settled.signal });
    void promise.then(resolve, reject).finally(() => settled.abort());
  });
}
