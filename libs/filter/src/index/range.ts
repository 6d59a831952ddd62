import { compareValues } from '../compare-values.js';
import type { FilterValue } from '../filter-value.js';
import type { OrderedValue } from '../operator.js';
import { isOrderedValue } from '../operator.js';
import { isBounds } from '../operators/between.js';
import type { OperatorName } from '../operators/index.js';

/** From `lower`, included, to `end`, not included. An end of null is after every value. */
export interface Range<Bound extends OrderedValue = OrderedValue> {
  readonly lower: Bound;
  readonly end: Bound | null;
}

/** True for the operators that hold for a range of values. */
export function isRangeOperator(operator: OperatorName): boolean {
  return operator === 'between' || operator === 'ge' || operator === 'gt' || operator === 'le' || operator === 'lt';
}

/**
 * The values that a rule of a range operator holds for. All five come down to one form, because every number and every text
 * has a next one: nothing is between `"a"` and `"a\0"`. Undefined for a value that the operator does not take.
 */
export function rangeOf(operator: OperatorName, value: FilterValue): Range | undefined {
  if (operator === 'between') return isBounds(value) ? { lower: value[0], end: next(value[1]) } : undefined;
  if (!isOrderedValue(value)) return undefined;
  switch (operator) {
    case 'ge':
      return { lower: value, end: null };
    case 'gt':
      return { lower: next(value), end: null };
    case 'le':
      return { lower: first(value), end: next(value) };
    case 'lt':
      return { lower: first(value), end: value };
    default:
      return undefined;
  }
}

/** True for bounds that are in the wrong order: nothing is between them. */
export function isEmptyBetween(value: FilterValue): boolean {
  return isBounds(value) && compareValues(value[0], value[1]) > 0;
}

function first(value: OrderedValue): OrderedValue {
  return typeof value === 'number' ? -Infinity : '';
}

function next(value: OrderedValue): OrderedValue {
  return typeof value === 'number' ? nextNumber(value) : `${value}\0`;
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next double up. As whole numbers, the bits of doubles of one sign are in the order of their distance from 0. */
function nextNumber(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  float[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return float[0];
}
