import { describe, expect, it } from 'vitest';
import { AnswerCache } from './answer-cache.js';
import type { AnswerCacheOptions } from './answer-cache.js';

const overhead = 512;

function create(options: Partial<AnswerCacheOptions> = {}) {
  let nowMs = 1_000;
  const cache = new AnswerCache<string>({ maxEntries: 3, maxBytes: 100_000, clock: () => nowMs, ...options });
  return {
    cache,
    put: (key: string, { ttlMs = 100, bytes = 10 } = {}) => cache.set(key, `answer of ${key}`, { ttlMs, bytes }),
    keys: (...keys: string[]) => keys.filter((key) => cache.get(key) !== undefined),
    pass: (ms: number) => (nowMs += ms),
  };
}

describe('an answer', () => {
  it('should be kept for its time, and not a millisecond longer', () => {
    const { cache, put, pass } = create();
    put('a');
    pass(99);
    expect(cache.get('a')).toBe('answer of a');
    pass(1);
    expect(cache.get('a')).toBeUndefined();
  });

  it('should not be kept longer because it is asked for', () => {
    const { cache, put, pass } = create();
    put('a');
    for (let i = 0; i < 10; i += 1) {
      pass(10);
      cache.get('a');
    }
    expect(cache.get('a')).toBeUndefined();
  });

  it('should be replaced with its time', () => {
    const { cache, put, pass } = create();
    put('a', { ttlMs: 1_000 });
    put('a', { ttlMs: 10 });
    pass(10);
    expect(cache.get('a')).toBeUndefined();
  });

  it('should not be kept for no time', () => {
    const { cache, put } = create();
    put('a', { ttlMs: 0 });
    expect(cache.get('a')).toBeUndefined();
  });

  it('should be gone when it is deleted', () => {
    const { cache, put } = create();
    put('a');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('too many answers', () => {
  it('should cost the one that was not asked for the longest', () => {
    const { put, keys } = create();
    put('a');
    put('b');
    put('c');
    expect(keys('a')).toEqual(['a']);
    put('d');
    expect(keys('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
  });

  it('should be counted in bytes as well', () => {
    const { put, keys } = create({ maxBytes: 2 * (overhead + 1_000) });
    put('a', { bytes: 1_000 });
    put('b', { bytes: 1_000 });
    expect(keys('a', 'b')).toEqual(['a', 'b']);
    put('c', { bytes: 1 });
    expect(keys('a', 'b', 'c')).toEqual(['b', 'c']);
  });

  it('should not be thrown out by one that is too large by itself', () => {
    const { put, keys } = create({ maxBytes: 5_000 });
    put('a');
    put('b', { bytes: 5_000 });
    expect(keys('a', 'b')).toEqual(['a']);
  });

  it('should not count what was replaced or is over', () => {
    const { put, keys, pass } = create({ maxBytes: 2 * (overhead + 1_000) });
    for (let i = 0; i < 10; i += 1) put('a', { bytes: 1_000 });
    put('b', { bytes: 1_000 });
    expect(keys('a', 'b')).toEqual(['a', 'b']);
    pass(100);
    expect(keys('a', 'b')).toEqual([]);
    put('c', { bytes: 1_000 });
    put('d', { bytes: 1_000 });
    expect(keys('c', 'd')).toEqual(['c', 'd']);
  });
});
