import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilterGroup } from '../parse/parse-filter-group.js';
import { Conjunctions } from './conjunctions.js';

const values = fc.array(fc.constantFrom('a', 'b', 'c', 1, 2), { minLength: 1, maxLength: 4 });
const rule = fc.oneof(
  fc.record({ operator: fc.constantFrom('in', 'notIn', 'containsAny'), value: values }),
  fc.record({
    operator: fc.constantFrom('eq', 'ne', 'ge', 'contains', 'beginsWith'),
    value: fc.constantFrom('a', 'b'),
  }),
);
const rules = fc.dictionary(fc.constantFrom('boardId', 'priority', 'owner.email', 'tags'), rule, { minKeys: 1 });

describe('Conjunctions', () => {
  it('should keep nothing of what it has forgotten, nor of the single values of lists', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 20 }), (all) => {
        const conjunctions = new Conjunctions();
        const ids = new Set<number>();
        for (const entries of all) {
          const filters = Object.entries(entries).map(([fieldName, { operator, value }]) => ({
            fieldName,
            operator,
            value,
          }));
          const { filter } = parseFilterGroup({ filterGroup: [{ filters }] }, unlimited);
          ids.add(conjunctions.intern(filter.filterGroup[0]!, filter.kind));
        }
        expect(conjunctions.size).toBe(ids.size);
        for (const id of ids) conjunctions.delete(id);
        expect(conjunctions).toMatchObject({ size: 0, rulesSize: 0, scanListLength: 0 });
      }),
    );
  });
});

const unlimited = {
  maxFilters: Infinity,
  maxFields: Infinity,
  maxInValues: Infinity,
  maxContainsAnyValues: Infinity,
  maxStringCharacters: 256,
  maxFieldDepth: 5,
};
