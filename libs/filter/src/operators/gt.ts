import { compareValues } from '../compare-values.js';
import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue } from '../operator.js';

/** `gt`: the field is of the value's type and greater than the value. Strings are ordered by code point. */
export const gt: Operator<OrderedValue> = Object.freeze({
  name: 'gt',
  accepts: isOrderedValue,
  matches: (field, value) => compareValues(field, value) > 0,
} satisfies Operator<OrderedValue>);
