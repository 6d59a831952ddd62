/** Addresses that are remembered; beyond it the one that has asked least recently is forgotten. About 10 MB. */
const defaultMaxAddresses = 50_000;

/**
 * Requests per second for each address: a bucket that holds the requests of one second and fills at their rate, so that a burst passes
 * and a stream above the rate does not. A forgotten address begins again with a full one.
 */
export class RequestRate {
  private readonly buckets = new Map<string, { tokens: number; filledAt: number }>();

  /** `now` answers milliseconds of any clock that does not go back. */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
    private readonly maxAddresses: number = defaultMaxAddresses,
  ) {}

  /** Whether an address may ask once more. Counts the request if it may. */
  take(address: string): boolean {
    const now = this.now();
    const known = this.buckets.get(address);
    const filled = known ? known.tokens + ((now - known.filledAt) / 1000) * this.perSecond : this.perSecond;
    const tokens = Math.min(filled, this.perSecond);
    const isTaken = tokens >= 1;
    this.buckets.delete(address);
    this.buckets.set(address, { tokens: isTaken ? tokens - 1 : tokens, filledAt: now });
    if (this.buckets.size > this.maxAddresses) this.buckets.delete(this.buckets.keys().next().value!);
    return isTaken;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.buckets.size;
  }
}
