import type { JsonValue } from '#libs/protocol';
import type { FilterLimits } from './filter-limits.js';
import type { FilterValue } from './filter-value.js';

/** A value with an order: numbers among numbers, strings among strings. */
export type OrderedValue = string | number;

/** A value of a field that is there: a missing or null field never reaches an operator. */
export type FieldValue = Exclude<JsonValue, null>;

/**
 * One operator of the filter language: which values a document may give it, and when a field matches. Both are total:
 * any JSON value is answered, none throws.
 *
 * `matches` is a method and not a function property so that operators over different values fit in one list; `accepts`
 * is what keeps a wrong value from reaching it.
 */
export interface Operator<Value extends FilterValue = FilterValue> {
  /** Its name in a document. Case-sensitive, as in AppSync. */
  readonly name: string;
  /** The limit on the number of its values. Default: none, for an operator of one value or of a pair. */
  readonly valuesLimit?: keyof Pick<FilterLimits, 'maxInValues' | 'maxContainsAnyValues'>;
  /** True for a value of the right type. The number of values and the length of strings are limits, checked elsewhere. */
  accepts(value: unknown): value is Value;
  /** True where the field matches. */
  matches(field: FieldValue, value: Value): boolean;
}

/** True for a string, and for a number that JSON has: NaN and the infinities can be made by a resolver, never by an event. */
export function isOrderedValue(value: unknown): value is OrderedValue {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

/** True for a list of at least one string or number, and of nothing else: the copy turns holes into undefined. */
export function isValueList(value: unknown): value is readonly OrderedValue[] {
  return Array.isArray(value) && value.length > 0 && [...(value as readonly unknown[])].every(isOrderedValue);
}

/** True for a string, a number or a boolean field. */
export function isScalar(field: FieldValue): field is string | number | boolean {
  return typeof field !== 'object';
}
