import type { Field } from '../statement-result.js';
import { isBooleanColumn, mySqlTypes } from './mysql-types.js';
import type { MySqlColumn } from './mysql-types.js';

/**
 * A value of a record from what the driver makes of it, with dates, decimals and JSON left as text.
 *
 * Whole numbers are exact up to 2^53: those beyond arrive as text and become the nearest number, so that a column has one type
 * whatever is in it.
 */
export function toMySqlField(column: MySqlColumn, value: unknown): Field {
  if (value === null || value === undefined) return { isNull: true };
  if (isBooleanColumn(column)) return { booleanValue: Buffer.isBuffer(value) ? value[0] === 1 : value !== 0 };
  switch (column.columnType) {
    case mySqlTypes.tiny:
    case mySqlTypes.short:
    case mySqlTypes.int24:
    case mySqlTypes.long:
    case mySqlTypes.longLong:
    case mySqlTypes.year:
      return { longValue: Number(value) };
    case mySqlTypes.float:
      return { doubleValue: shortestFloat(Number(value)) };
    case mySqlTypes.double:
      return { doubleValue: Number(value) };
    case mySqlTypes.bit:
      return { longValue: Number.parseInt((value as Buffer).toString('hex'), 16) };
    default:
      if (Buffer.isBuffer(value)) return { blobValue: value.toString('base64') };
      return { stringValue: typeof value === 'string' ? value : JSON.stringify(value) };
  }
}

/** The shortest number that is the same in 32 bits: bound statements answer 1.100000023841858 where 1.1 was stored. */
function shortestFloat(value: number): number {
  for (const digits of [6, 7, 8]) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}
