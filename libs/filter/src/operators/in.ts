import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue, isValueList } from '../operator.js';

/** `in`: the field is one of the values, of the same type. A list field never is: `containsAny` is for lists. */
export const inOperator: Operator<readonly OrderedValue[]> = Object.freeze({
  name: 'in',
  valuesLimit: 'maxInValues',
  accepts: isValueList,
  matches: (field, value) => isOrderedValue(field) && value.includes(field),
} satisfies Operator<readonly OrderedValue[]>);
