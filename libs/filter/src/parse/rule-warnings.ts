import { compareValues } from '../compare-values.js';
import type { FilterGroup, FilterRule } from '../filter-group.js';
import type { FilterLimits } from '../filter-limits.js';
import { quoteName } from '../filter-texts.js';
import { isBounds } from '../operators/between.js';

/** A sentence for each rule of the group that can never match. */
export function findWarnings(group: FilterGroup, limits: FilterLimits): readonly string[] {
  return Object.freeze(
    group.filterGroup.flatMap((filter, filterIndex) =>
      filter.filters.flatMap((rule, ruleIndex) => {
        const reason = findReason(rule, limits);
        return reason === undefined
          ? []
          : [`filterGroup[${filterIndex}].filters[${ruleIndex}] never matches: ${reason}`];
      }),
    ),
  );
}

function findReason(rule: FilterRule, limits: FilterLimits): string | undefined {
  if (rule.isTooDeep) return `${quoteName(rule.fieldName)} has more than ${limits.maxFieldDepth} levels.`;
  if (rule.operator === 'between' && isBounds(rule.value) && compareValues(rule.value[0], rule.value[1]) > 0) {
    return 'the lower bound of `between` is greater than the upper one.';
  }
  return undefined;
}
