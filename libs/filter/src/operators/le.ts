import { compareValues } from '../compare-values.js';
import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue } from '../operator.js';

/** `le`: the field is of the value's type and at most the value. Strings are ordered by code point. */
export const le: Operator<OrderedValue> = Object.freeze({
  name: 'le',
  accepts: isOrderedValue,
  matches: (field, value) => compareValues(field, value) <= 0,
} satisfies Operator<OrderedValue>);
