import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue, isValueList } from '../operator.js';

/**
 * `containsAny`: the field is a list that has at least one of the values as an element. A scalar is a list of one; a string
 * too, so that its parts do not count.
 */
export const containsAny: Operator<readonly OrderedValue[]> = Object.freeze({
  name: 'containsAny',
  valuesLimit: 'maxContainsAnyValues',
  accepts: isValueList,
  matches: (field, value) => {
    if (Array.isArray(field)) return value.some((wanted) => field.includes(wanted));
    return isOrderedValue(field) && value.includes(field);
  },
} satisfies Operator<readonly OrderedValue[]>);
