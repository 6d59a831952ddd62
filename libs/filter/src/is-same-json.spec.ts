import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import { isSameJson } from './is-same-json.js';

describe('equality of JSON values', () => {
  it.each<[JsonValue, JsonValue]>([
    [1, 1.0],
    ['', ''],
    [null, null],
    [
      [1, ['a']],
      [1, ['a']],
    ],
    [
      { a: 1, b: { c: null } },
      { b: { c: null }, a: 1 },
    ],
    [JSON.parse('{"__proto__":1}') as JsonValue, JSON.parse('{"__proto__":1}') as JsonValue],
  ])('should hold for %j and %j', (left, right) => {
    expect(isSameJson(left, right)).toBe(true);
  });

  it.each<[JsonValue, JsonValue]>([
    [1, '1'],
    [0, false],
    ['', null],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, null]],
    [{ a: null }, {}],
    [{ a: 1 }, { b: 1 }],
    [{ toString: 1 }, { valueOf: 1 }],
    [{ x: 1 }, JSON.parse('{"__proto__":1}') as JsonValue],
  ])('should not hold for %j and %j', (left, right) => {
    expect(isSameJson(left, right)).toBe(false);
    expect(isSameJson(right, left)).toBe(false);
  });

  it('should end on values that are nested without measure', () => {
    const nest = (levels: number): JsonValue => {
      let value: JsonValue = 1;
      for (let level = 0; level < levels; level += 1) value = [value];
      return value;
    };
    expect(isSameJson(nest(32), nest(32))).toBe(true);
    expect(isSameJson(nest(100_000), nest(100_000))).toBe(false);
  });
});
