import type { Operator, OrderedValue } from '../operator.js';
import { isOrderedValue, isScalar, isValueList } from '../operator.js';

/** `notIn`: the field is a scalar and none of the values; one of another type is none. A list or an object is not compared. */
export const notIn: Operator<readonly OrderedValue[]> = Object.freeze({
  name: 'notIn',
  valuesLimit: 'maxInValues',
  accepts: isValueList,
  matches: (field, value) => isScalar(field) && !(isOrderedValue(field) && value.includes(field)),
} satisfies Operator<readonly OrderedValue[]>);
