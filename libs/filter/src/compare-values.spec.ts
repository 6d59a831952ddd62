import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints, compareValues } from './compare-values.js';

describe('the order of strings', () => {
  it('should put an emoji after the last characters of one UTF-16 unit, where JavaScript puts it before them', () => {
    expect('\u{1F426}' < '\uFF5E').toBe(true);
    expect(compareCodePoints('\u{1F426}', '\uFF5E')).toBeGreaterThan(0);
    expect(compareCodePoints('task \uE000', 'task \u{10000}')).toBeLessThan(0);
  });

  it('should put a string before a longer one that starts with it', () => {
    expect(compareCodePoints('board', 'board1')).toBeLessThan(0);
    expect(compareCodePoints('', '')).toBe(0);
  });

  it('should equal the order of the code points', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (prefix, left, right) => {
        const expected = compareLists(toCodePoints(prefix + left), toCodePoints(prefix + right));
        expect(Math.sign(compareCodePoints(prefix + left, prefix + right))).toBe(expected);
      }),
    );
  });

  it('should be a total order of strings with unpaired surrogates too', () => {
    const unit = fc.constantFrom('a', '\uD83D', '\uDC26', '\uE000', '\uFFFF');
    const text = fc.string({ unit, maxLength: 4 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(-Math.sign(compareCodePoints(b, a)) + 0);
        expect(compareCodePoints(a, b) === 0).toBe(a === b);
        if (compareCodePoints(a, b) <= 0 && compareCodePoints(b, c) <= 0) {
          expect(compareCodePoints(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('the order of values', () => {
  it.each([
    [1, '1'],
    ['1', 1],
    [true, 1],
    [['a'], 'a'],
    [{}, 'a'],
  ])('should not exist between %j and %j', (field, value) => {
    expect(compareValues(field, value)).toBeNaN();
  });

  it('should be one of integers and floats together', () => {
    expect(compareValues(5, 5.5)).toBeLessThan(0);
    expect(compareValues(5.5, 5)).toBeGreaterThan(0);
    expect(compareValues(5.0, 5)).toBe(0);
  });
});

function toCodePoints(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0);
}

function compareLists(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (value !== other) return Math.sign(value - other);
  }
  return Math.sign(left.length - right.length);
}
