import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { equalItems, equalValues } from '../src/dynamodb/equal-values.js';
import type { Item } from '../src/dynamodb/typed-value.js';

const numbers = fc
  .tuple(fc.integer(), fc.integer({ min: -20, max: 20 }))
  .map(([digits, power]) => `${digits}e${power}`);
const { value: values } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ S: fc.string() }),
    fc.record({ N: numbers }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true }),
    fc.record({ B: fc.uint8Array() }),
    fc.record({ SS: fc.uniqueArray(fc.string(), { minLength: 1 }) }),
    fc.record({ NS: fc.uniqueArray(numbers, { minLength: 1 }) }),
    fc.record({ L: fc.array(tie('value')) }),
    fc.record({ M: fc.dictionary(fc.string(), tie('value')) }),
  ),
}));

describe('equality of typed values', () => {
  it('should not see how numbers are spelled, nor the order of sets and maps', () => {
    fc.assert(fc.property(values, (value) => equalValues(value, respell(value))));
  });

  it('should see a change anywhere', () => {
    fc.assert(fc.property(values, (value) => !equalValues({ L: [value, { S: 'a' }] }, { L: [value, { S: 'b' }] })));
    fc.assert(fc.property(values, (value) => !equalValues({ M: { a: value } }, { M: { b: value } })));
  });

  it.each<[AttributeValue, AttributeValue]>([
    [{ S: '1' }, { N: '1' }],
    [{ SS: ['1'] }, { NS: ['1'] }],
    [{ SS: ['1'] }, { L: [{ S: '1' }] }],
    [{ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }],
    [{ SS: ['a', 'b'] }, { SS: ['a,b'] }],
    [{ BOOL: true }, { NULL: true }],
    [{ N: '12345678901234567890' }, { N: '12345678901234567891' }],
  ])('should tell %j from %j', (a, b) => {
    expect(equalValues(a, b)).toBe(false);
  });

  it('should leave out ignored attributes, on either side', () => {
    const task: Item = { id: { S: 't1' }, version: { N: '2' } };
    expect(equalItems(task, { id: { S: 't1' }, version: { N: '8' } }, ['version'])).toBe(true);
    expect(equalItems(task, { id: { S: 't1' } }, ['version'])).toBe(true);
    expect(equalItems(task, { id: { S: 't1' } })).toBe(false);
  });
});

/** The same value as DynamoDB might give it back. */
function respell(value: AttributeValue): AttributeValue {
  if (value.N !== undefined) return { N: respellNumber(value.N) };
  if (value.NS !== undefined) return { NS: value.NS.map(respellNumber).reverse() };
  if (value.SS !== undefined) return { SS: [...value.SS].reverse() };
  if (value.L !== undefined) return { L: value.L.map(respell) };
  if (value.M === undefined) return structuredClone(value);
  return {
    M: Object.fromEntries(
      Object.entries(value.M)
        .reverse()
        .map(([name, entry]) => [name, respell(entry)]),
    ),
  };
}

function respellNumber(text: string): string {
  const [digits = '', power] = text.split('e');
  return `${digits.replace(/^(-?)/, '$100')}.00e+0${power}`.replace('e+0-', 'e-0');
}
