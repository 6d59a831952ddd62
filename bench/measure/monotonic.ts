/** Microseconds of the machine's monotonic clock, which all its processes read alike. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
