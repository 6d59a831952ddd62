import type { FieldValue, Operator, OrderedValue } from '../operator.js';
import { isOrderedValue, isScalar } from '../operator.js';

/**
 * `contains`: the field is a list with the value as an element, or a string with the value as a part. Another scalar is a
 * list of one. Strict and case-sensitive: elements are compared whole, and a number is no part of a string.
 */
export const contains: Operator<OrderedValue> = Object.freeze({
  name: 'contains',
  accepts: isOrderedValue,
  matches: containsValue,
} satisfies Operator<OrderedValue>);

/** The question `contains` asks, which `notContains` negates. */
export function containsValue(field: FieldValue, value: OrderedValue): boolean {
  if (Array.isArray(field)) return field.includes(value);
  if (typeof field === 'string' && typeof value === 'string') return field.includes(value);
  return isScalar(field) && field === value;
}
