/** Waits for something that may not end by itself: rejects with the signal's reason when that fires first. */
export function abandonOn<Result>(signal: AbortSignal, waiting: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason as Error);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    waiting.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}
