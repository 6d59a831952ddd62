import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import type { OperatorName } from '../src/index.js';
import {
  argumentFilter,
  FilterError,
  matchesFilterGroup,
  parseFilterGroup,
  toSubscriptionFilter,
} from '../src/index.js';
import { anyJson, comparison, fieldName, fieldValue, payload } from './arbitraries.js';

const rule = fc.record({ fieldName, comparison }).map((parts) => ({ fieldName: parts.fieldName, ...parts.comparison }));
const filter = fc.uniqueArray(rule, { selector: (item) => item.fieldName, minLength: 1, maxLength: 3 });
const document = fc
  .array(filter, { maxLength: 3 })
  .map((filters) => ({ filterGroup: filters.map((rules) => ({ filters: rules })) }));

const limits = {
  maxFilters: Infinity,
  maxFields: Infinity,
  maxInValues: Infinity,
  maxContainsAnyValues: Infinity,
  maxStringCharacters: 256,
  maxFieldDepth: 5,
};

function matches(filterDocument: JsonValue, event: JsonValue): boolean {
  return matchesFilterGroup(parseFilterGroup(filterDocument, limits).filter, event);
}

describe('matching', () => {
  it('should answer for any JSON payload', () => {
    fc.assert(
      fc.property(document, payload, (filterDocument, event) => {
        expect(typeof matches(filterDocument, event)).toBe('boolean');
      }),
    );
  });

  it('should be an OR of its filters and an AND of their rules', () => {
    fc.assert(
      fc.property(document, payload, (filterDocument, event) => {
        const { filterGroup } = filterDocument;
        const byRules = filterGroup.some(({ filters }) =>
          filters.every((only) => matches({ filterGroup: [{ filters: [only] }] }, event)),
        );
        const restrictsNothing = filterGroup.length === 0 && !Array.isArray(event);
        expect(matches(filterDocument, event)).toBe(restrictsNothing || byRules);
      }),
    );
  });

  it('should not depend on the prototype of the payload', () => {
    fc.assert(
      fc.property(document, payload, (filterDocument, event) => {
        const parsed = JSON.parse(JSON.stringify(event)) as JsonValue;
        expect(matches(filterDocument, event)).toBe(matches(filterDocument, parsed));
      }),
    );
  });

  it('should match an expanded in as it matches the in', () => {
    fc.assert(
      fc.property(
        fieldName,
        fc.array(fc.constantFrom('a', 'ab', 1, 1.5), { minLength: 1 }),
        payload,
        (name, value, event) => {
          const expanded = value.map((item) => ({ filters: [{ fieldName: name, operator: 'eq', value: item }] }));
          const compact = [{ filters: [{ fieldName: name, operator: 'in', value }] }];
          expect(matches({ filterGroup: compact }, event)).toBe(matches({ filterGroup: expanded }, event));
        },
      ),
    );
  });

  it.each<[OperatorName, OperatorName]>([
    ['eq', 'ne'],
    ['in', 'notIn'],
    ['contains', 'notContains'],
  ])('should never let both %s and %s hold, and one of them on every scalar', (positive, negative) => {
    const values = { eq: 1, in: [1, 'a'], contains: 'a' } as { [name: string]: JsonValue };
    const value = values[positive] ?? null;
    fc.assert(
      fc.property(fieldValue, (field) => {
        const answers = [positive, negative].map((operator) =>
          matches({ filterGroup: [{ filters: [{ fieldName: 'f', operator, value }] }] }, { f: field }),
        );
        expect(answers.every(Boolean)).toBe(false);
        if (field !== null && typeof field !== 'object') expect(answers.some(Boolean)).toBe(true);
      }),
    );
  });
});

describe('basic arguments', () => {
  it('should let an event through that has every argument as a field, and answer for any other', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fieldValue), payload, (args, event) => {
        expect(matchesFilterGroup(argumentFilter(args), args)).toBe(true);
        expect(typeof matchesFilterGroup(argumentFilter(args), event)).toBe('boolean');
      }),
    );
  });
});

describe('any input', () => {
  const odd = {
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
  };

  /** Values of resolvers, which need not be JSON, in shapes that resemble a filter. */
  const anyInput = fc.oneof(
    anyJson,
    fc.anything(odd),
    fc.record({ filterGroup: fc.array(fc.record({ filters: fc.anything(odd) })) }),
    fc.record({ filterGroup: fc.sparseArray(fc.record({ filters: fc.sparseArray(rule) })) }),
    fc.record(
      { or: fc.sparseArray(fc.dictionary(fieldName, fc.anything(odd))), and: fc.anything(odd) },
      { requiredKeys: [] },
    ),
  );

  function isAnsweredOrRefused(run: () => unknown): boolean {
    try {
      run();
      return true;
    } catch (error) {
      return error instanceof FilterError;
    }
  }

  it('should be parsed or refused with a FilterError', () => {
    fc.assert(
      fc.property(anyInput, payload, (input, event) =>
        isAnsweredOrRefused(() => matchesFilterGroup(parseFilterGroup(input).filter, event)),
      ),
    );
  });

  it('should be transformed or refused with a FilterError', () => {
    fc.assert(fc.property(anyInput, (input) => isAnsweredOrRefused(() => toSubscriptionFilter(input))));
  });
});
