import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import {
  argumentFilter,
  FilterError,
  matchesFilterGroup,
  parseFilterGroup,
  toSubscriptionFilter,
} from '../src/index.js';
import { readFilterCases } from './filter-cases.js';

const cases = readFilterCases();

/** What the gateway asks of an invalidation filter, which a subscription need not have. */
function isInvalidated(filter: JsonValue, payload: JsonValue): boolean {
  return filter !== null && matchesFilterGroup(parseFilterGroup(filter).filter, payload);
}

describe('the cases of AppSync filters', () => {
  it('should be read whole', () => {
    const sections = [cases.match, cases.transform, cases.validate, cases.basicArguments, cases.invalidation];
    expect(sections.flat()).toHaveLength(282);
  });

  describe('matching', () => {
    it.each(cases.match)('should answer $expected ($status): $name', ({ filter, event, expected }) => {
      expect(matchesFilterGroup(parseFilterGroup(filter).filter, event)).toBe(expected);
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

  describe('basic arguments', () => {
    it.each(cases.basicArguments)('should answer $expected ($status): $name', ({ args, event, expected }) => {
      expect(matchesFilterGroup(argumentFilter(args), event)).toBe(expected);
    });
  });

  describe('invalidation', () => {
    it.each(cases.invalidation)('should answer $expected ($status): $name', (item) => {
      expect(isInvalidated(item.invalidationFilter, item.payload)).toBe(item.expected);
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
