import type { Filter } from '../filter-group.js';
import { isJsonList } from '../is-json-list.js';

/**
 * Filters in a group as AppSync counts them against its limit: an `in` stands for one filter per value, and several in one
 * filter multiply. Values are counted as written, equal ones too.
 */
export function countCombinations(filters: readonly Filter[]): number {
  return filters.reduce((sum, filter) => sum + countAlternatives(filter), 0);
}

function countAlternatives(filter: Filter): number {
  return filter.filters.reduce(
    (product, rule) => (rule.operator === 'in' && isJsonList(rule.value) ? product * rule.value.length : product),
    1,
  );
}
