import { describe, expect, it } from 'vitest';
import { createMap, readKey, toValue, writeKey } from './values.js';
import type { ValueMap } from './values.js';

describe('toValue', () => {
  it.each([
    [undefined, null],
    [() => 1, null],
    [Symbol('x'), null],
    [NaN, null],
    [Infinity, null],
    [10n, 10],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), null],
    [new Set(['a']), ['a']],
    ['text', 'text'],
    [
      [1, [undefined]],
      [1, [null]],
    ],
  ])('should take %o as %o', (input, expected) => {
    expect(toValue(input)).toEqual(expected);
  });

  it('should copy deeply, into maps that inherit nothing', () => {
    const input = { task: { tags: ['roof'] }, gone: undefined };
    const value = toValue(input) as ValueMap;
    input.task.tags.push('later');
    expect(value).toEqual({ task: { tags: ['roof'] }, gone: null });
    expect('constructor' in (value['task'] as object)).toBe(false);
  });

  it('should take own properties only, and never __proto__', () => {
    const inherited = Object.assign(Object.create({ inherited: 1 }) as object, { own: 1 });
    expect(toValue(inherited)).toEqual({ own: 1 });
    expect(Object.keys(toValue(JSON.parse('{"__proto__": 1, "constructor": 2}')) as ValueMap)).toEqual(['constructor']);
  });

  it('should refuse data that is nested without end', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => toValue(cycle)).toThrow('The data is nested deeper than 512 levels.');
  });
});

describe('a key of a map', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('should neither be read nor written when it is %s', (key) => {
    expect(readKey(toValue({ constructor: 1, prototype: 2 }) as ValueMap, key)).toBeNull();
    expect(() => writeKey(createMap(), key, 1)).toThrow(`The key '${key}' is reserved and cannot be set.`);
  });

  it('should not be read from a prototype', () => {
    expect(readKey({}, 'toString')).toBeNull();
  });
});
