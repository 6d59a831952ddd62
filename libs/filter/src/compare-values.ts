import type { FieldValue, OrderedValue } from './operator.js';

const firstSurrogate = 0xd800;
const afterSurrogates = 0xe000;

/**
 * Orders a field against a value: negative before, 0 equal, positive after, and NaN where they have no order because one
 * is a number and the other a string, or the field is neither. NaN makes `<`, `<=`, `>` and `>=` false alike.
 */
export function compareValues(field: FieldValue, value: OrderedValue): number {
  if (typeof field === 'number' && typeof value === 'number') return field - value;
  if (typeof field === 'string' && typeof value === 'string') return compareCodePoints(field, value);
  return NaN;
}

/**
 * Orders two strings by code point, which is also the order of their UTF-8 bytes.
 *
 * JavaScript's `<` orders by UTF-16 unit and puts every character past U+FFFF, an emoji say, before U+E000 to U+FFFF. A
 * surrogate that is not part of a pair sorts with the pairs.
 */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit !== rightUnit) return rank(leftUnit) - rank(rightUnit);
  }
  return left.length - right.length;
}

/** Moves surrogates behind all other units: the first unit that differs then decides as the code points would. */
function rank(unit: number): number {
  return unit >= firstSurrogate && unit < afterSurrogates ? unit + 0x10000 : unit;
}
