import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.js';

function bucketOf(perSecond: number, capacity?: number) {
  let nowMs = 0;
  const bucket = new TokenBucket({ perSecond, capacity, now: () => nowMs });
  return { bucket, wait: (ms: number) => void (nowMs += ms) };
}

describe('TokenBucket', () => {
  it('should give as many at once as it holds, and then what comes back', () => {
    const { bucket, wait } = bucketOf(10, 3);
    expect(Array.from({ length: 4 }, () => bucket.tryTake())).toEqual([true, true, true, false]);
    wait(99);
    expect(bucket.tryTake()).toBe(false);
    wait(1);
    expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false]);
  });

  it('should never hold more than its capacity', () => {
    const { bucket, wait } = bucketOf(10, 2);
    wait(1_000_000);
    expect(Array.from({ length: 3 }, () => bucket.tryTake())).toEqual([true, true, false]);
  });

  it('should say how a use stands that has happened already', () => {
    const { bucket, wait } = bucketOf(10, 2);
    expect([1, 1, 1, 1, 1].map((tokens) => bucket.spend(tokens))).toEqual([
      'within',
      'within',
      'over',
      'over',
      'flood',
    ]);
    wait(100);
    expect(bucket.spend(1)).toBe('over');
    wait(300);
    expect(bucket.spend(1)).toBe('within');
  });

  it('should count a large use as what it is', () => {
    const { bucket, wait } = bucketOf(10, 5);
    expect([bucket.spend(5), bucket.spend(6)]).toEqual(['within', 'flood']);
    // The debt has an end, so whoever was patient is served again.
    wait(500);
    expect(bucket.spend(0)).toBe('within');
  });

  it('should have no limit where the rate is 0', () => {
    const { bucket } = bucketOf(0, 0);
    expect(Array.from({ length: 1_000 }, () => bucket.tryTake())).not.toContain(false);
    expect(bucket.spend(1e9)).toBe('within');
  });
});
