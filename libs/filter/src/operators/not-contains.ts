import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue, isScalar } from '../operator.js';
import { containsValue } from './contains.js';

/** `notContains`: the field is a list or a scalar, and `contains` does not hold. An object matches neither. */
export const notContains: Operator<OrderedValue> = Object.freeze({
  name: 'notContains',
  accepts: isOrderedValue,
  matches: (field, value) => (Array.isArray(field) || isScalar(field)) && !containsValue(field, value),
} satisfies Operator<OrderedValue>);
