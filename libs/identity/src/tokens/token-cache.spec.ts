import { describe, expect, it } from 'vitest';
import { createTokenCache } from './token-cache.js';
import type { VerifiedToken } from './token-cache.js';

const verified = { issuer: 'https://accounts.example.com' } as unknown as VerifiedToken;

describe('a token cache', () => {
  it('should forget the token that was longest unused when it has one too many', () => {
    const cache = createTokenCache({ maxEntries: 3 });
    for (const token of ['a', 'b', 'c']) cache.set(token, verified);
    cache.get('a');
    cache.set('d', verified);
    expect(['a', 'b', 'c', 'd'].filter((token) => cache.peek(token))).toEqual(['a', 'c', 'd']);
    expect(cache.size).toBe(3);
  });

  it('should not take a peek for use', () => {
    const cache = createTokenCache({ maxEntries: 2 });
    for (const token of ['a', 'b']) cache.set(token, verified);
    expect(cache.peek('a')).toBe(verified);
    cache.set('c', verified);
    expect(cache.peek('a')).toBeUndefined();
  });

  it('should forget as many as the memory of a new one asks for', () => {
    const cache = createTokenCache({ maxBytes: 10_000 });
    for (const token of ['a', 'b', 'c']) cache.set(token, verified);
    expect(cache.bytes).toBe(3_012);
    cache.set('d'.repeat(2_000), verified);
    expect([cache.size, cache.bytes]).toEqual([1, 9_000]);
  });

  it('should keep nothing that is larger than all its memory', () => {
    const cache = createTokenCache({ maxBytes: 10_000 });
    cache.set('a'.repeat(3_000), verified);
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
  });

  it('should count a token once that was verified twice', () => {
    const cache = createTokenCache();
    cache.set('a', verified);
    const { bytes } = cache;
    cache.set('a', { ...verified });
    expect([cache.size, cache.bytes]).toEqual([1, bytes]);
  });

  it('should stay within its limits, however many come', () => {
    const cache = createTokenCache({ maxEntries: 100, maxBytes: 110_000 });
    for (let index = 0; index < 10_000; index += 1) cache.set(`token-${index}`.padEnd(index % 300, 'x'), verified);
    expect(cache.size).toBeLessThanOrEqual(100);
    expect(cache.bytes).toBeLessThanOrEqual(110_000);
    expect(cache.bytes).toBeGreaterThan(100_000);
  });
});
