import type { Operator } from '../operator.js';
import { isOrderedValue, isScalar } from '../operator.js';

/** `ne`: the field is a scalar other than the value; one of another type is. A list or an object is not compared. */
export const ne: Operator<string | number | boolean> = Object.freeze({
  name: 'ne',
  accepts: (value) => typeof value === 'boolean' || isOrderedValue(value),
  matches: (field, value) => isScalar(field) && field !== value,
} satisfies Operator<string | number | boolean>);
