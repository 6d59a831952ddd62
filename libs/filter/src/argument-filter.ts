import type { JsonObject } from '#libs/protocol';
import type { FilterGroup } from './filter-group.js';
import { createFilter, createFilterGroup, createFilterRule } from './filter-group.js';

/**
 * The filter that a subscription has by its arguments alone, when its resolver sets none (AppSync reference, 1.2): one
 * filter with an `eq` for each argument that was sent. No arguments let every event through.
 *
 * An argument left out must be left out of `args`. One that is null, or bound to a variable that was not supplied, must be
 * null in `args`: it matches a field that is null or missing.
 */
export function argumentFilter(args: JsonObject): FilterGroup {
  const rules = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => createFilterRule([name], 'eq', value));
  return createFilterGroup('arguments', [createFilter(rules)]);
}
