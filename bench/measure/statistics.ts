/** The middle value; the upper of two. NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that the given share of the values does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
