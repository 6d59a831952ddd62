import type { FilterValue } from './filter-value.js';
import type { OperatorName } from './operators/index.js';

/** One comparison: the field at `path` of a payload, by `operator`, with `value`. Frozen, and checked when it was made. */
export interface FilterRule {
  /** As it was written: names joined by dots. */
  readonly fieldName: string;
  /** `fieldName` split at its dots, once, because a rule is evaluated far more often than it is made. */
  readonly path: readonly string[];
  readonly operator: OperatorName;
  readonly value: FilterValue;
  /**
   * The path has more levels than the limit in force when the rule was made, and the rule matches nothing. Such a rule is
   * kept and not left out: a filter without it would match more than was asked for.
   */
  readonly isTooDeep: boolean;
}

/** A conjunction: matches where every rule does. Without rules it matches everything. */
export interface Filter {
  readonly filters: readonly FilterRule[];
}

/**
 * Which of AppSync's two ways of filtering a group stands for (AppSync reference, 1.1): `enhanced` for a document given
 * to `setSubscriptionFilter` or `setSubscriptionInvalidationFilter`, `arguments` for the arguments of the subscription.
 * They differ in one thing only: an enhanced filter never matches a payload that is a list.
 */
export type FilterKind = 'enhanced' | 'arguments';

/** A disjunction: matches where at least one filter does. Without filters it restricts nothing. */
export interface FilterGroup {
  readonly kind: FilterKind;
  readonly filterGroup: readonly Filter[];
}

/**
 * Makes a frozen rule of parts that were checked before. `path` may be a name that contains a dot, as it is not split
 * again. `maxFieldDepth` is in levels. Default: no path is too deep.
 */
export function createFilterRule(
  path: readonly string[],
  operator: OperatorName,
  value: FilterValue,
  maxFieldDepth = Infinity,
): FilterRule {
  return Object.freeze({
    fieldName: path.join('.'),
    path: Object.freeze([...path]),
    operator,
    value,
    isTooDeep: path.length > maxFieldDepth,
  });
}

/** Makes a frozen conjunction of rules. */
export function createFilter(rules: readonly FilterRule[]): Filter {
  return Object.freeze({ filters: Object.freeze([...rules]) });
}

/** Makes a frozen disjunction of filters. */
export function createFilterGroup(kind: FilterKind, filters: readonly Filter[]): FilterGroup {
  return Object.freeze({ kind, filterGroup: Object.freeze([...filters]) });
}
