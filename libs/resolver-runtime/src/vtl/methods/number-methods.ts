import { FieldError } from '#libs/protocol';
import { formatNumber } from '../../numbers.js';
import type { Value } from '../../values.js';
import { createMethodTable } from './method.js';
import type { MethodTable } from './method.js';

function parseNumber(method: string, value: Value | undefined, pattern: RegExp): number {
  const number = typeof value === 'string' && pattern.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new FieldError(`${method}() expects the text of a number.`, 'MappingTemplate');
  }
  return number;
}

const integerText = /^[+-]?\d{1,19}$/;
const decimalText = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/;

/**
 * Methods of java.lang.Integer, Long and Double, which are one type here. `parse…` are static in Java; templates reach
 * them through any number (`#set($Integer = 0) $Integer.parseInt("7")`).
 */
export const numberMethods: MethodTable<number> = createMethodTable<number>({
  toString: (number) => formatNumber(number),
  equals: (number, [other]) => number === other,
  compareTo: (number, [other]) => (typeof other === 'number' ? Math.sign(number - other) : null),
  intValue: (number) => Math.trunc(number),
  longValue: (number) => Math.trunc(number),
  doubleValue: (number) => number,
  floatValue: (number) => number,
  parseInt: (_number, [text]) => parseNumber('parseInt', text, integerText),
  parseLong: (_number, [text]) => parseNumber('parseLong', text, integerText),
  parseDouble: (_number, [text]) => parseNumber('parseDouble', text, decimalText),
  parseFloat: (_number, [text]) => parseNumber('parseFloat', text, decimalText),
  valueOf: (_number: number, [text]: readonly Value[]) => parseNumber('valueOf', text, decimalText),
});

/** Methods of java.lang.Boolean. */
export const booleanMethods: MethodTable<boolean> = createMethodTable<boolean>({
  toString: (value) => String(value),
  equals: (value, [other]) => value === other,
  booleanValue: (value) => value,
  parseBoolean: (_value, [text]) => typeof text === 'string' && text.toLowerCase() === 'true',
});
