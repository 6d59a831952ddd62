export interface TokenBucketOptions {
  /** Tokens that come back in a second. 0: there is no limit. */
  readonly perSecond: number;
  /** Tokens of a full bucket, and the most that can be owed. Default: as many as come back in a second. */
  readonly capacity?: number;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
}

/** Measures a rate: some at once, and so many a second for long. It starts full. */
export class TokenBucket {
  private readonly perSecond: number;
  private readonly capacity: number;
  private readonly now: () => number;
  private level: number;
  private countedAt: number;

  constructor({ perSecond, capacity = perSecond, now = monotonicMs }: TokenBucketOptions) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.now = now;
    this.level = capacity;
    this.countedAt = now();
  }

  /** Whether nothing is missing, so that a new bucket would be the same. */
  get isFull(): boolean {
    return this.refill() >= this.capacity;
  }

  /** Takes one token if it is there; a refusal costs nothing. */
  tryTake(): boolean {
    if (this.refill() < 1) return false;
    this.level -= 1;
    return true;
  }

  /**
   * Takes what was used already, into debt where need be, and says how that stands: `over` means that tokens are owed,
   * `flood` that more than a full bucket is.
   */
  spend(tokens: number): 'within' | 'over' | 'flood' {
    const left = this.refill() - tokens;
    this.level = Math.max(left, -this.capacity);
    if (left >= 0) return 'within';
    return left < -this.capacity ? 'flood' : 'over';
  }

  private refill(): number {
    if (this.perSecond === 0) return Infinity;
    const now = this.now();
    this.level = Math.min(this.capacity, this.level + ((now - this.countedAt) * this.perSecond) / 1_000);
    this.countedAt = now;
    return this.level;
  }
}

/** One for all: a function of its own for each bucket would be larger than the bucket. */
function monotonicMs(): number {
  return performance.now();
}
