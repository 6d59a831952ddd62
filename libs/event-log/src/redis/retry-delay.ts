/** First pause before a lost connection is tried again, in milliseconds: a restart of Redis takes about that. */
const firstRetryMs = 50;

/** Longest pause, in milliseconds: readiness fails after 10 s, so a Redis that is back is found well before. */
const longestRetryMs = 2000;

/** The pause before the given try, 1 for the first, in milliseconds. */
export function retryDelayMs(times: number): number {
  const pause = Math.min(firstRetryMs * 2 ** Math.min(times - 1, 10), longestRetryMs);
  // A quarter of chance: many pods that lost the same Redis must not come back in the same millisecond.
  return Math.round(pause * (0.75 + Math.random() / 4));
}
