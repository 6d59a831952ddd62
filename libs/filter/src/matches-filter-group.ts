import type { JsonValue } from '#libs/protocol';
import type { Filter, FilterGroup, FilterRule } from './filter-group.js';
import { readPath } from './field-path.js';
import { operators } from './operators/index.js';

/**
 * True where the payload is one the group lets through. Never throws, whatever the payload.
 *
 * A rule on a field that is null or missing does not hold, and neither do the negative ones (`ne`, `notIn`,
 * `notContains`): who must not see a field's value does not get the event when there is none. A payload that is a list
 * never matches an enhanced filter, not even an empty one (AppSync reference, 1.3).
 *
 * This is the definition of matching. A faster structure must give the same answers.
 */
export function matchesFilterGroup(group: FilterGroup, payload: JsonValue): boolean {
  if (group.kind === 'enhanced' && Array.isArray(payload)) return false;
  return group.filterGroup.length === 0 || group.filterGroup.some((filter) => matchesFilter(filter, payload));
}

/** True where every rule holds. */
export function matchesFilter(filter: Filter, payload: JsonValue): boolean {
  return filter.filters.every((rule) => matchesRule(rule, payload));
}

/** True where the field of the rule holds against its value. */
export function matchesRule(rule: FilterRule, payload: JsonValue): boolean {
  if (rule.isTooDeep) return false;
  const field = readPath(payload, rule.path) ?? null;
  // Only an argument is ever compared with null: a document that holds one was refused.
  if (field === null) return rule.value === null;
  return operators[rule.operator].matches(field, rule.value);
}
