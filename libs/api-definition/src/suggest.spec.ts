import { describe, expect, it } from 'vitest';
import { listOf, nearest, suggest } from './suggest.js';

describe('suggestions', () => {
  it.each([
    ['datasources', ['dataSources', 'resolvers'], 'dataSources'],
    ['createTsk', ['updateTask', 'createTask'], 'createTask'],
    ['xyz', ['createTask'], undefined],
    ['', [], undefined],
  ])('should find for %j among %j: %j', (word, candidates, found) => {
    expect(nearest(word, candidates)).toBe(found);
  });

  it('should name a short list where nothing is near', () => {
    expect(suggest('xyz', ['Query', 'Mutation', 'Task'])).toBe('There is Query, Mutation and Task');
  });

  it('should fall back where there is nothing to name, or too much', () => {
    expect(suggest('xyz', [], 'Add it')).toBe('Add it');
    expect(
      suggest(
        'xyz',
        Array.from({ length: 20 }, (_, index) => `candidate${index}`),
        'Add it',
      ),
    ).toBe('Add it');
  });

  it('should join words as a sentence does', () => {
    expect([listOf([], 'or'), listOf(['a'], 'or'), listOf(['a', 'b'], 'or')]).toEqual(['', 'a', 'a or b']);
  });
});
