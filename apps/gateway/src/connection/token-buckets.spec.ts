import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

describe('TokenBuckets', () => {
  it('should give each key a rate of its own', () => {
    let now = 0;
    const buckets = new TokenBuckets({ perSecond: 2, now: () => now });
    const take = (key: string) => buckets.tryTake(key);
    expect([take('a'), take('a'), take('a'), take('b')]).toEqual([true, true, false, true]);
    now = 500;
    expect([take('a'), take('a')]).toEqual([true, false]);
  });

  it('should forget keys that have been quiet, and keep those that have not', () => {
    let now = 0;
    const buckets = new TokenBuckets({ perSecond: 1, now: () => now });
    for (let n = 0; n < 100_000; n += 1) {
      buckets.tryTake(String(n));
      now += 10;
      buckets.tryTake('busy');
    }
    expect(buckets.size).toBeLessThan(3_000);
    expect(buckets.tryTake('busy')).toBe(false);
  });

  it('should remember nobody where there is no limit', () => {
    const buckets = new TokenBuckets({ perSecond: 0 });
    for (let n = 0; n < 10; n += 1) expect(buckets.tryTake('a')).toBe(true);
    expect(buckets.size).toBe(0);
  });
});
