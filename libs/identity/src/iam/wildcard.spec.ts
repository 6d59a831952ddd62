import { describe, expect, it } from 'vitest';
import { compileWildcard } from './wildcard.js';

describe('a wildcard', () => {
  it.each([
    { pattern: 'Query', text: 'Query', matches: true },
    { pattern: 'Query', text: 'query', matches: false },
    { pattern: 'Query', text: 'Query2', matches: false },
    { pattern: '*', text: '', matches: true },
    { pattern: '*', text: 'types/Query/fields/getBoard', matches: true },
    { pattern: '?', text: '', matches: false },
    { pattern: '?', text: 'a', matches: true },
    { pattern: 'get*', text: 'get', matches: true },
    { pattern: 'get*', text: 'forget', matches: false },
    { pattern: '*Board', text: 'getBoardOfBoard', matches: true },
    { pattern: '*Board', text: 'getBoards', matches: false },
    { pattern: 'get?oard*s', text: 'getBoardsOfUsers', matches: true },
    { pattern: 'a*b*c', text: 'abcbc', matches: true },
    { pattern: 'a*b*c', text: 'acb', matches: false },
    { pattern: 'a.c', text: 'abc', matches: false },
    { pattern: '[a-c]*', text: 'abc', matches: false },
  ])('should say $matches for "$text" against "$pattern"', ({ pattern, text, matches }) => {
    expect(compileWildcard(pattern)(text)).toBe(matches);
  });

  it('should stay fast on a pattern that backtracking engines die of', () => {
    const matches = compileWildcard(`${'a*'.repeat(40)}b`);
    const startedAtMs = performance.now();
    expect(matches('a'.repeat(2_000))).toBe(false);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});
