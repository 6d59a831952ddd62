import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import type { FilterGroup } from '../src/index.js';
import {
  argumentFilter,
  FilterError,
  FilterIndex,
  matchesFilterGroup,
  parseFilterGroup,
  toSubscriptionFilter,
} from '../src/index.js';
import { readFilterCases } from './filter-cases.js';

const cases = readFilterCases();

/** How the definition answers and how the index does, which the gateway asks: each case is held to both. */
const evaluations = [
  ['plainly', matchesFilterGroup],
  ['by the index', matchesByIndex],
] as const;

function matchesByIndex(group: FilterGroup, payload: JsonValue): boolean {
  const index = new FilterIndex<true>();
  const handle = index.add(group, true);
  // Beside it, what must not be found in its place.
  index.add(
    parseFilterGroup({ filterGroup: [{ filters: [{ fieldName: 'no', operator: 'eq', value: 1 }] }] }).filter,
    true,
  );
  let visits = 0;
  const visit = () => (visits += 1);
  index.match(payload, visit);
  index.remove(handle);
  index.match(payload, visit);
  expect(visits).toBeLessThanOrEqual(1);
  return visits === 1;
}

/** What the gateway asks of an invalidation filter, which a subscription need not have. */
function isInvalidated(matches: typeof matchesFilterGroup, filter: JsonValue, payload: JsonValue): boolean {
  return filter !== null && matches(parseFilterGroup(filter).filter, payload);
}

describe('the cases of AppSync filters', () => {
  it('should be read whole', () => {
    const sections = [cases.match, cases.transform, cases.validate, cases.basicArguments, cases.invalidation];
    expect(sections.flat()).toHaveLength(282);
  });

  describe.each(evaluations)('matching, %s', (_, matches) => {
    it.each(cases.match)('should answer $expected ($status): $name', ({ filter, event, expected }) => {
      expect(matches(parseFilterGroup(filter).filter, event)).toBe(expected);
    });
  });

  describe('toSubscriptionFilter', () => {
    it.each(cases.transform)('should transform ($status): $name', ({ input, ignoredFields, rules, expected }) => {
      expect(toSubscriptionFilter(input, ignoredFields, rules)).toStrictEqual(expected);
    });
  });

  describe('validation', () => {
    it.each(cases.validate.filter((item) => item.valid))('should accept ($status): $name', ({ filter }) => {
      expect(parseFilterGroup(filter).warnings).toStrictEqual([]);
    });

    it.each(cases.validate.filter((item) => !item.valid))('should refuse ($status): $name', (item) => {
      const { filter, errorContains } = item;
      const error = catchFilterError(() => parseFilterGroup(filter));
      expect(error.message).toContain(errorContains);
      expect(error.errorCode).toBe(400);
    });
  });

  describe.each(evaluations)('basic arguments, %s', (_, matches) => {
    it.each(cases.basicArguments)('should answer $expected ($status): $name', ({ args, event, expected }) => {
      expect(matches(argumentFilter(args), event)).toBe(expected);
    });
  });

  describe.each(evaluations)('invalidation, %s', (_, matches) => {
    it.each(cases.invalidation)('should answer $expected ($status): $name', (item) => {
      expect(isInvalidated(matches, item.invalidationFilter, item.payload)).toBe(item.expected);
    });
  });
});

function catchFilterError(run: () => unknown): FilterError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FilterError);
    return error as FilterError;
  }
  throw new Error('No FilterError was thrown.');
}
