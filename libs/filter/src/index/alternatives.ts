import type { FilterValue } from '../filter-value.js';
import { isJsonList } from '../is-json-list.js';
import type { OperatorName } from '../operators/index.js';
import type { RuleTable } from './rule-table.js';

/** How many rules a rule is filed under: an `in` or a `containsAny` of n values under n. */
export function countAlternatives(rules: RuleTable, rule: number): number {
  return valuesOf(rules, rule)?.length ?? 1;
}

/** The rules for the single values of an `in` or a `containsAny` that were taken before; undefined for any other rule. */
export function alternativesOf(rules: RuleTable, rule: number): readonly number[] | undefined {
  return valuesOf(rules, rule)?.map((value) => {
    const { operator, value: single } = alternative(rules, rule, value);
    return rules.findValue(rules.fieldOf(rule), operator, single)!;
  });
}

/** Puts the rules for the single values in the table. To be released. */
export function takeAlternatives(rules: RuleTable, rule: number): void {
  for (const value of valuesOf(rules, rule) ?? []) {
    const { operator, value: single } = alternative(rules, rule, value);
    rules.internValue(rules.fieldOf(rule), operator, single);
  }
}

export function releaseAlternatives(rules: RuleTable, rule: number): void {
  for (const single of alternativesOf(rules, rule) ?? []) rules.release(single);
}

function valuesOf(rules: RuleTable, rule: number): readonly FilterValue[] | undefined {
  const operator = rules.operatorOf(rule);
  if (operator !== 'in' && operator !== 'containsAny') return undefined;
  const value = rules.valueOf(rule);
  return isJsonList(value) && value.length > 1 ? value : undefined;
}

function alternative(
  rules: RuleTable,
  rule: number,
  value: FilterValue,
): { operator: OperatorName; value: FilterValue } {
  return rules.operatorOf(rule) === 'in' ? { operator: 'eq', value } : { operator: 'containsAny', value: [value] };
}
