import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import { isSameJson } from '../is-same-json.js';
import { canonicalText } from './canonical-text.js';

function nest(levels: number): JsonValue {
  return levels === 0 ? 1 : [nest(levels - 1)];
}

describe('the canonical text of a value', () => {
  it('should be the same for values that are the same, and for no others', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.object({ key: fc.constantFrom('a', 'b'), values: [fc.constantFrom(0, -0, 1, '1', null, true)], maxDepth: 2 }),
    ) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(canonicalText(left) === canonicalText(right)).toBe(isSameJson(left, right));
      }),
    );
  });

  it('should not depend on the order of keys', () => {
    expect(canonicalText({ a: 1, b: [2, { c: '3', d: null }] })).toBe(
      canonicalText({ b: [2, { d: null, c: '3' }], a: 1 }),
    );
  });

  it('should not exist for what equals nothing', () => {
    expect(canonicalText([NaN])).toBeUndefined();
    expect(isSameJson(nest(33), nest(33))).toBe(false);
    expect(canonicalText(nest(33))).toBeUndefined();
    expect(isSameJson(nest(32), nest(32))).toBe(true);
    expect(canonicalText(nest(32))).toBeDefined();
  });

  it('should not mistake an infinity, which JSON.parse can make, for null', () => {
    expect(canonicalText(JSON.parse('[1e999]') as JsonValue)).not.toBe(canonicalText([null]));
  });
});
