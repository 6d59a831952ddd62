import { compareValues } from '../compare-values.js';
import type { Operator, OrderedValue } from '../operator.js';
import { isValueList } from '../operator.js';

/** The lower and the upper bound of a `between`, of one type. */
export type Bounds = readonly [lower: OrderedValue, upper: OrderedValue];

/**
 * `between`: the field is of the bounds' type and from the lower to the upper bound, both included (decision record 0003).
 * Bounds in the wrong order are accepted and match nothing.
 */
export const between: Operator<Bounds> = Object.freeze({
  name: 'between',
  accepts: isBounds,
  matches: (field, [lower, upper]) => compareValues(field, lower) >= 0 && compareValues(field, upper) <= 0,
} satisfies Operator<Bounds>);

/** True for a pair of numbers or a pair of strings, in whichever order. */
export function isBounds(value: unknown): value is Bounds {
  return isValueList(value) && value.length === 2 && typeof value[0] === typeof value[1];
}
