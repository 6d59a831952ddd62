import { isJsonObject } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import type { Filter, FilterGroup } from '../filter-group.js';
import { createFilter, createFilterGroup } from '../filter-group.js';
import type { FilterLimits } from '../filter-limits.js';
import { defaultFilterLimits } from '../filter-limits.js';
import { filterTexts } from '../filter-texts.js';
import { countCombinations } from './count-combinations.js';
import { parseRule } from './parse-rule.js';
import { readList, refuseOtherKeys } from './document.js';
import { findWarnings } from './rule-warnings.js';

/** A document that was accepted. */
export interface ParsedFilterGroup {
  readonly filter: FilterGroup;
  /** What was accepted but cannot have been meant, one sentence each: rules that can never match. For the operator's log. */
  readonly warnings: readonly string[];
}

/**
 * Checks a document given to `setSubscriptionFilter` or `setSubscriptionInvalidationFilter` and makes a filter group of it
 * that shares nothing with the document. `{}` and an empty `filterGroup` restrict nothing.
 *
 * @throws FilterError for the first fault, with AppSync's text where it has one.
 */
export function parseFilterGroup(document: unknown, limits: FilterLimits = defaultFilterLimits): ParsedFilterGroup {
  if (!isJsonObject(document)) {
    throw new FilterError('subscription filter must be a map with the key `filterGroup`.', '');
  }
  refuseOtherKeys(document, ['filterGroup'], '');
  const entries = Object.keys(document).length === 0 ? [] : readList(document, 'filterGroup', '');
  // Every entry counts as one or more filters, so a list that is too long need not be read.
  if (entries.length > limits.maxFilters) throw tooManyFilters(limits);

  const filters = entries.map((entry, index) => parseFilter(entry, `filterGroup[${index}]`, limits));
  if (countCombinations(filters) > limits.maxFilters) throw tooManyFilters(limits);

  const filter = createFilterGroup('enhanced', filters);
  return Object.freeze({ filter, warnings: findWarnings(filter, limits) });
}

function parseFilter(entry: unknown, path: string, limits: FilterLimits): Filter {
  if (!isJsonObject(entry)) throw new FilterError(`${path} must be a map with the key \`filters\`.`, path);
  refuseOtherKeys(entry, ['filters'], path);
  const rules = readList(entry, 'filters', path);
  if (rules.length === 0) {
    // An empty conjunction would match every event: one forgotten rule would open the whole group.
    throw new FilterError(`${path}.filters must have at least one rule.`, `${path}.filters`);
  }
  const fieldNames = new Set<string>();
  return createFilter(
    rules.map((rule, index) => {
      const rulePath = `${path}.filters[${index}]`;
      const parsed = parseRule(rule, rulePath, limits);
      if (fieldNames.has(parsed.fieldName)) throw new FilterError(filterTexts.repeatedField, rulePath);
      if (fieldNames.size >= limits.maxFields) {
        throw new FilterError(filterTexts.tooManyFields(limits.maxFields), rulePath);
      }
      fieldNames.add(parsed.fieldName);
      return parsed;
    }),
  );
}

function tooManyFilters(limits: FilterLimits): FilterError {
  return new FilterError(filterTexts.tooManyFilters(limits.maxFilters), 'filterGroup');
}
