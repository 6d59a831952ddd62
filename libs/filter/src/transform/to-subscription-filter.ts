import type { JsonObject, JsonValue } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import { isJsonList } from '../is-json-list.js';
import type { Condition, RuleDocument } from './condition.js';
import { isEmptyCondition } from './condition.js';
import { expandCondition } from './expand-condition.js';
import { readBranches, readCondition } from './read-condition.js';
import { readRules } from './read-rules.js';

/**
 * `util.transform.toSubscriptionFilter`: makes the document of `setSubscriptionFilter` of a filter object with `and` and
 * `or` (AppSync reference, 1.5). Operator names and values pass through unchecked: `parseFilterGroup` judges them.
 *
 * @param input A filter object; the same as JSON text; or a list of filter objects, which are joined by AND. One that says
 * nothing gives an empty `filterGroup`, which restricts nothing.
 * @param ignoredFields Fields whose conditions in `input` are left out. Compared whole: `venue` does not cover
 * `venue.city`. Default: none.
 * @param rules Alternatives, of which every filter gets one, last. `ignoredFields` does not touch them. Default: none.
 * @throws FilterError for an input that is none of these, and for one that would expand to more filters than anyone means.
 */
export function toSubscriptionFilter(
  input: unknown,
  ignoredFields?: readonly string[] | null,
  rules?: JsonObject | null,
): JsonObject {
  const condition = addRules(readInput(parseText(input), readIgnoredFields(ignoredFields)), readRules(rules));
  if (isEmptyCondition(condition)) return { filterGroup: [] };
  return {
    filterGroup: expandCondition(condition).map((filter) => ({
      // Copies: one rule is part of many filters, and the document belongs to the resolver, which may change it.
      filters: filter.map(({ fieldName, operator, value }) => ({ fieldName, operator, value: copyValue(value) })),
    })),
  };
}

/** AppSync's JS sample passes a `String` argument straight in, so text is read as JSON. */
function parseText(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch (error) {
    throw new FilterError('input is text that is not JSON.', 'input', { cause: error });
  }
}

function readInput(input: unknown, ignoredFields: ReadonlySet<string>): Condition {
  if (Array.isArray(input)) return { kind: 'all', conditions: readBranches(input, ignoredFields, 'input', 0) };
  return readCondition(input, ignoredFields, 'input');
}

function readIgnoredFields(ignoredFields: unknown): ReadonlySet<string> {
  if (ignoredFields === null || ignoredFields === undefined) return new Set();
  if (!Array.isArray(ignoredFields) || !ignoredFields.every((name) => typeof name === 'string')) {
    throw new FilterError('ignoredFields must be a list of field names.', 'ignoredFields');
  }
  return new Set(ignoredFields);
}

function addRules(condition: Condition, rules: readonly RuleDocument[]): Condition {
  if (rules.length === 0) return condition;
  return {
    kind: 'all',
    conditions: [condition, { kind: 'any', conditions: rules.map((rule) => ({ kind: 'rule', rule })) }],
  };
}

function copyValue(value: JsonValue): JsonValue {
  return isJsonList(value) ? [...value] : value;
}
