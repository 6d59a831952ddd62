import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../operator.js';
import type { OperatorName } from './index.js';
import { isOperatorName, operators } from './index.js';

const scalar: readonly OperatorName[] = ['eq', 'ne', 'le', 'lt', 'ge', 'gt', 'contains', 'notContains'];
const list: readonly OperatorName[] = ['in', 'notIn', 'containsAny'];

/** Values that no operator takes: null, maps, numbers JSON does not have, and a list in a list. */
const never: readonly unknown[] = [undefined, null, {}, NaN, Infinity, -Infinity, 1n, [], [null], [true], [[1]], [NaN]];

describe('the list of operators', () => {
  it('should file each operator under its own name', () => {
    for (const [name, operator] of Object.entries(operators)) expect(operator.name).toBe(name);
  });

  it.each(['lte', 'EQ', 'Eq', '', 'toString', '__proto__', 'constructor', null, 1])(
    'should not take %j for an operator',
    (name) => {
      expect(isOperatorName(name)).toBe(false);
    },
  );
});

describe('the values an operator accepts', () => {
  it.each(scalar)('should be a string or a number for %s', (name) => {
    for (const value of ['', 'high', 0, -1, 1.5, 2 ** 53 + 1]) expect(operators[name].accepts(value)).toBe(true);
    for (const value of [...never, ['high']]) expect(operators[name].accepts(value)).toBe(false);
  });

  it('should be a boolean for eq and ne only', () => {
    const takers = Object.values(operators).filter((operator) => operator.accepts(true));
    expect(takers.map((operator) => operator.name)).toStrictEqual(['eq', 'ne']);
  });

  it('should be a string for beginsWith', () => {
    expect(operators.beginsWith.accepts('')).toBe(true);
    for (const value of [...never, 1, ['a']]) expect(operators.beginsWith.accepts(value)).toBe(false);
  });

  it.each(list)('should be a list of strings and numbers for %s', (name) => {
    for (const value of [['a'], [1], ['a', 1, 1.5]]) expect(operators[name].accepts(value)).toBe(true);
    for (const value of [...never, 'a', 1, ['a', null]]) expect(operators[name].accepts(value)).toBe(false);
  });

  it('should be a pair of one type for between', () => {
    for (const value of [
      [1, 5],
      ['a', 'b'],
      [5, 1],
    ])
      expect(operators.between.accepts(value)).toBe(true);
    for (const value of [...never, [1], [1, 2, 3], [1, '5'], 'ab'])
      expect(operators.between.accepts(value)).toBe(false);
  });
});

describe('a field of a type the operator does not compare', () => {
  const object: FieldValue = { city: 'Porto' };

  it.each(Object.keys(operators) as OperatorName[])('should match %s never when it is an object', (name) => {
    const value = { beginsWith: 'city', in: ['city'], notIn: ['x'], between: ['a', 'z'], containsAny: ['city'] }[
      name as string
    ];
    expect(operators[name].matches(object, value ?? 'city')).toBe(false);
  });

  it.each<[OperatorName, string | number | readonly (string | number)[]]>([
    ['eq', 'a'],
    ['ne', 'a'],
    ['le', 'z'],
    ['ge', ''],
    ['beginsWith', 'a'],
    ['in', ['a']],
    ['notIn', ['z']],
    ['between', ['', 'z']],
  ])('should match %s never when it is a list', (name, value) => {
    expect(operators[name].matches(['a'], value)).toBe(false);
  });

  it.each<[OperatorName, FieldValue, string | number | readonly (string | number)[], boolean]>([
    ['ne', '1', 1, true],
    ['ne', true, 'true', true],
    ['notIn', '1', [1, 2], true],
    ['notIn', true, ['true'], true],
    ['contains', 'ticket 10', 10, false],
    ['notContains', 'ticket 10', 10, true],
    ['notContains', 10, 10, false],
    ['notContains', true, 'true', true],
    ['containsAny', 'admin', ['adm'], false],
    ['containsAny', true, ['true'], false],
    ['lt', true, 5, false],
    ['between', true, [0, 5], false],
  ])('should be strict: %s of %j with %j is %j', (name, field, value, expected) => {
    expect(operators[name].matches(field, value)).toBe(expected);
  });
});

describe('the empty string', () => {
  it.each<[OperatorName, boolean]>([
    ['contains', true],
    ['beginsWith', true],
    ['notContains', false],
    ['ge', true],
    ['le', false],
  ])('should be a part and a beginning of every string: %s is %j', (name, expected) => {
    expect(operators[name].matches('board', '')).toBe(expected);
  });
});
