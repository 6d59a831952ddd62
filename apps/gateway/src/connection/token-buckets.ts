import { TokenBucket } from './token-bucket.js';
import type { TokenBucketOptions } from './token-bucket.js';

/** Keys between two looks for those that can be forgotten, at least. */
const minKeys = 1_024;

/**
 * A bucket for each key, whatever keys there are. Full ones are forgotten when keys have doubled since that was done last, so
 * that memory stays within twice what the rate itself allows.
 */
export class TokenBuckets {
  private readonly byKey = new Map<string, TokenBucket>();
  private sweepAt = minKeys;

  constructor(private readonly options: TokenBucketOptions) {}

  /** Keys that are remembered. */
  get size(): number {
    return this.byKey.size;
  }

  /** Takes one token of the key's bucket if it is there. With a rate of 0 there is no limit and nothing to remember. */
  tryTake(key: string): boolean {
    if (this.options.perSecond === 0) return true;
    let bucket = this.byKey.get(key);
    if (!bucket) {
      if (this.byKey.size >= this.sweepAt) this.sweep();
      this.byKey.set(key, (bucket = new TokenBucket(this.options)));
    }
    return bucket.tryTake();
  }

  private sweep(): void {
    for (const [key, bucket] of this.byKey) if (bucket.isFull) this.byKey.delete(key);
    this.sweepAt = Math.max(minKeys, 2 * this.byKey.size);
  }
}
