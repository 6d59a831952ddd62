import { isJsonObject } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import { joinPath } from '../parse/document.js';
import type { RuleDocument } from './condition.js';

/**
 * Reads the `rules` of `toSubscriptionFilter`: a map of fields, each with exactly one operator. The rules are alternatives.
 * Null and `{}` are no rules.
 *
 * @throws FilterError for anything else, `and` and `or` included.
 */
export function readRules(rules: unknown): readonly RuleDocument[] {
  if (rules === null || rules === undefined) return [];
  if (!isJsonObject(rules)) throw new FilterError('rules must be a map of conditions.', 'rules');
  return Object.entries(rules).map(([fieldName, condition]) => {
    const path = joinPath('rules', fieldName);
    const [entry, ...others] = isJsonObject(condition) ? Object.entries(condition) : [];
    if (entry === undefined || others.length > 0) {
      throw new FilterError(`${path} must be a map of exactly one operator and its value.`, path);
    }
    const [operator, value] = entry;
    if (isJsonObject(value)) {
      const valuePath = joinPath(path, operator);
      throw new FilterError(`${valuePath} must be a value, not a map.`, valuePath);
    }
    return { fieldName, operator, value };
  });
}
