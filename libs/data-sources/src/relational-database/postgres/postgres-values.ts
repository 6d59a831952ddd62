import pg from 'pg';

import type { ArrayValue, Field } from '../statement-result.js';
import { postgresTypeOf } from './postgres-types.js';
import type { ValueKind } from './postgres-types.js';

/** Object id of `text[]`. */
const textArrayId = 1009;

/** Reads an array of any type from its text: elements are text or null, or arrays again. */
const parseArray = (pg.types.getTypeParser as (id: number) => unknown)(textArrayId) as (
  text: string,
) => readonly Element[];

type Element = string | null | readonly Element[];

/**
 * A value of a record from the text that PostgreSQL answers for it.
 *
 * `numeric` stays text, digit for digit, as in the Data API. `int8` is a JSON number: whole numbers are exact up to 2^53. A
 * number that JSON has no notation for, such as `NaN`, is text.
 *
 * @param typeId object id of the column's type
 */
export function toPostgresField(typeId: number, text: string | null): Field {
  if (text === null) return { isNull: true };
  const { kind, element } = postgresTypeOf(typeId);
  if (element) return { arrayValue: toArrayValue(kind, parseArray(text)) };
  return toField(kind, text);
}

function toField(kind: ValueKind, text: string): Field {
  switch (kind) {
    case 'boolean':
      return { booleanValue: text === 't' };
    case 'long':
      return { longValue: Number(text) };
    case 'double':
      return Number.isFinite(Number(text)) ? { doubleValue: Number(text) } : { stringValue: text };
    case 'blob':
      return { blobValue: Buffer.from(text.slice('\\x'.length), 'hex').toString('base64') };
    case 'timestampWithTimeZone':
      // The session's time zone is UTC; the Data API answers UTC and does not say so.
      return { stringValue: text.replace(/\+00$/, '') };
    case 'string':
      return { stringValue: text };
  }
}

function toArrayValue(kind: ValueKind, elements: readonly Element[]): ArrayValue {
  if (elements.some(Array.isArray)) {
    return { arrayValues: elements.map((element) => toArrayValue(kind, element as readonly Element[])) };
  }
  const texts = elements as readonly (string | null)[];
  const values = texts.map((text) => (text === null ? null : valueOf(toField(kind, text))));
  if (kind === 'boolean') return { booleanValues: values as (boolean | null)[] };
  if (kind === 'long') return { longValues: values as (number | null)[] };
  // One NaN among the numbers, and all are text: the values of an array are of one kind.
  const isNumeric = values.every((value) => value === null || typeof value === 'number');
  if (kind === 'double' && isNumeric) return { doubleValues: values };
  return { stringValues: values.map((value) => (value === null ? null : String(value))) };
}

function valueOf(field: Field): string | number | boolean {
  return Object.values(field)[0] as string | number | boolean;
}
