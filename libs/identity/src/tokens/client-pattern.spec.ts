import { describe, expect, it } from 'vitest';
import { compileClientPattern } from './client-pattern.js';

const setting = 'appIdClientRegex';

describe('a pattern for client ids', () => {
  it.each([
    { pattern: '4abc', clientId: '4abc', matches: true },
    { pattern: '4abc', clientId: '4abcd', matches: false },
    { pattern: '4abc', clientId: 'x4abc', matches: false },
    { pattern: '4abc', clientId: '4abc\n', matches: false },
    { pattern: '^4abc$', clientId: '4abc', matches: true },
    { pattern: 'web|web-admin', clientId: 'web-admin', matches: true },
    { pattern: '.*', clientId: undefined, matches: false },
    { pattern: '.*', clientId: ['web'], matches: false },
    { pattern: '.*', clientId: 'a'.repeat(257), matches: false },
    { pattern: '', clientId: 'web', matches: false },
  ])('should say $matches for $clientId against "$pattern"', ({ pattern, clientId, matches }) => {
    expect(compileClientPattern(setting, pattern)(clientId)).toBe(matches);
  });

  it('should stay fast on a pattern that backtracking engines die of', () => {
    const accepts = compileClientPattern(setting, '(a+)+b');
    const startedAtMs = performance.now();
    expect(accepts('a'.repeat(256))).toBe(false);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('should be refused at start when it does not compile', () => {
    expect(() => compileClientPattern(setting, '(web')).toThrow('appIdClientRegex "(web" is no regular expression.');
  });

  it('should be refused at start when it is too long', () => {
    expect(() => compileClientPattern(setting, 'a'.repeat(1_001))).toThrow('at most 1000 are allowed');
  });
});
