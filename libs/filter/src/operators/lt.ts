import { compareValues } from '../compare-values.js';
import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue } from '../operator.js';

/** `lt`: the field is of the value's type and less than the value. Strings are ordered by code point. */
export const lt: Operator<OrderedValue> = Object.freeze({
  name: 'lt',
  accepts: isOrderedValue,
  matches: (field, value) => compareValues(field, value) < 0,
} satisfies Operator<OrderedValue>);
