import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderedValue } from '../operator.js';
import { compareValues } from '../compare-values.js';
import { operators } from '../operators/index.js';
import type { Range } from './range.js';
import { rangeOf } from './range.js';
import { RangeList } from './range-list.js';

const number = fc.oneof(fc.constantFrom(-1, 0, 1, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE), fc.integer());
const text = fc.oneof(fc.constantFrom('', 'a', 'a\0', 'b', '\uD83D', '\uFFFF', '\u{1F426}'), fc.string());

function isIn(range: Range, value: OrderedValue): boolean {
  // Not by their difference: a field may be an infinity, and so may a bound be.
  if (typeof value === 'number')
    return value >= Number(range.lower) && (range.end === null || value < Number(range.end));
  return compareValues(value, range.lower) >= 0 && (range.end === null || compareValues(value, range.end) < 0);
}

/** Finds the ranges by asking each. */
function findPlainly(ranges: ReadonlyMap<number, Range>, value: OrderedValue): number[] {
  return [...ranges].filter(([, range]) => isIn(range, value)).map(([item]) => item);
}

function find(list: RangeList, value: OrderedValue): number[] {
  const items = [-1];
  const count = list.find(value, items, 1);
  return items.slice(1, count).sort((left, right) => left - right);
}

describe('the range of a rule', () => {
  it.each(['between', 'ge', 'gt', 'le', 'lt'] as const)('should hold the values that %s holds for', (operator) => {
    const pair = fc.oneof(fc.tuple(number, number, number), fc.tuple(text, text, text));
    fc.assert(
      fc.property(pair, ([field, one, other]) => {
        const value = operator === 'between' ? [one, other] : one;
        const range = rangeOf(operator, value)!;
        expect(isIn(range, field)).toBe(operators[operator].matches(field, value));
      }),
      { examples: [[[1, 1, 1]], [['a\0', 'a', 'a']], [[0, -0, 0]], [[Infinity, Number.MAX_VALUE, 0]]] },
    );
  });
});

describe('RangeList', () => {
  it.each<[string, (step: number) => Range]>([
    ['begins before all others', (step) => ({ lower: -step, end: -step + 1 })],
    ['ends after all others', (step) => ({ lower: 0, end: step + 1 })],
    ['ends before all others', (step) => ({ lower: -1_000, end: -step })],
  ])('should find a range that %s in its chunk', (_, rangeAt) => {
    const list = new RangeList();
    const expected = new Map<number, Range>();
    for (let step = 0; step < 700; step += 1) {
      expected.set(step, rangeAt(step));
      list.add(rangeAt(step), step);
    }
    for (let value = -701; value < 702; value += 1) {
      expect(find(list, value)).toStrictEqual(findPlainly(expected, value));
    }
  });

  const few = fc.nat(400);
  const pair = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', '\u{1F426}'), maxLength: 3 });

  /** Many ranges with one lower bound, many that are short, some that go on for ever. */
  const shapes: [string, fc.Arbitrary<Range>, fc.Arbitrary<OrderedValue>][] = [
    [
      'short ranges of numbers',
      fc.tuple(few, fc.nat(20)).map(([lower, width]) => ({ lower, end: lower + width })),
      few,
    ],
    ['ranges of numbers', fc.tuple(few, fc.option(few)).map(([lower, end]) => ({ lower, end })), few],
    ['ranges from one number', few.map((end) => ({ lower: -Infinity, end })), few],
    ['any numbers', fc.tuple(number, fc.option(number)).map(([lower, end]) => ({ lower, end })), number],
    ['ranges of texts', fc.tuple(pair, fc.option(pair)).map(([lower, end]) => ({ lower, end })), pair],
    ['any texts', fc.tuple(text, fc.option(text)).map(([lower, end]) => ({ lower, end })), text],
  ];

  it.each(shapes)('should find %s as asking each of them does, through adding and removing', (_, range, bound) => {
    // More than two chunks.
    const added = fc.array(range, { minLength: 300, maxLength: 700, size: 'max' });
    fc.assert(
      fc.property(added, fc.infiniteStream(fc.nat()), fc.array(bound, { maxLength: 10 }), (ranges, choices, values) => {
        const list = new RangeList();
        const expected = new Map(ranges.map((item, index) => [index, item]));
        for (const [item, added] of expected) list.add(added, item);
        while (expected.size > 0) {
          for (const value of values) expect(find(list, value)).toStrictEqual(findPlainly(expected, value));
          const left = [...expected];
          const first = choices.next().value % left.length;
          for (const [item, removed] of left.slice(first, first + Math.ceil(left.length / 3))) {
            list.delete(removed, item);
            expected.delete(item);
          }
        }
        expect(list.isEmpty).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});
