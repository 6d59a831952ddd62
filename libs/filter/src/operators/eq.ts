import { isSameJson } from '../is-same-json.js';
import type { Operator } from '../operator.js';
import { isOrderedValue } from '../operator.js';

/**
 * `eq`: the field is the value, of the same type: `1` is not `"1"`. A document may give a scalar only; the arguments of a
 * subscription may also be lists and objects, which are equal when all they hold is.
 */
export const eq: Operator = Object.freeze({
  name: 'eq',
  accepts: (value) => typeof value === 'boolean' || isOrderedValue(value),
  matches: (field, value) => isSameJson(field, value),
} satisfies Operator);
