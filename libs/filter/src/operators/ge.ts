import { compareValues } from '../compare-values.js';
import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue } from '../operator.js';

/** `ge`: the field is of the value's type and at least the value. Strings are ordered by code point. */
export const ge: Operator<OrderedValue> = Object.freeze({
  name: 'ge',
  accepts: isOrderedValue,
  matches: (field, value) => compareValues(field, value) >= 0,
} satisfies Operator<OrderedValue>);
