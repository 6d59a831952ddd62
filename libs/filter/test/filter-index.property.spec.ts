import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import type { FilterGroup, FilterHandle } from '../src/index.js';
import { argumentFilter, FilterIndex, matchesFilterGroup, parseFilterGroup } from '../src/index.js';
import { comparison, fieldName, fieldValue, payload } from './arbitraries.js';

const limits = {
  maxFilters: Infinity,
  maxFields: Infinity,
  maxInValues: Infinity,
  maxContainsAnyValues: Infinity,
  maxStringCharacters: 256,
  // Rules of two levels are too deep for some of the groups.
  maxFieldDepth: 5,
};

const rule = fc.record({ fieldName, comparison }).map((parts) => ({ fieldName: parts.fieldName, ...parts.comparison }));
const filters = fc
  .uniqueArray(rule, { selector: (item) => item.fieldName, minLength: 1, maxLength: 4 })
  .map((rules) => ({ filters: rules }));

const enhanced = fc
  .record({ filterGroup: fc.array(filters, { maxLength: 3 }), maxFieldDepth: fc.constantFrom(1, 5, 5, 5) })
  .map(({ filterGroup, maxFieldDepth }) => parseFilterGroup({ filterGroup }, { ...limits, maxFieldDepth }).filter);

const byArguments = fc
  .dictionary(fc.constantFrom('boardId', 'priority', 'tags', 'venue'), fieldValue)
  .map(argumentFilter);

const group: fc.Arbitrary<FilterGroup> = fc.oneof(
  { weight: 4, arbitrary: enhanced },
  { weight: 1, arbitrary: byArguments },
);

/** An index and what it must answer like: every group evaluated plainly. */
class Comparison {
  readonly index = new FilterIndex<number>();
  private readonly groups = new Map<number, { group: FilterGroup; handle: FilterHandle }>();
  private last = 0;

  add(added: FilterGroup): void {
    this.last += 1;
    this.groups.set(this.last, { group: added, handle: this.index.add(added, this.last) });
  }

  /** Removes one of those that are there. */
  remove(choice: number): void {
    const [subscriber, entry] = [...this.groups][choice % this.groups.size] ?? [];
    if (subscriber === undefined || !entry) return;
    this.index.remove(entry.handle);
    this.groups.delete(subscriber);
  }

  removeAll(): void {
    while (this.groups.size > 0) this.remove(0);
  }

  expectSameAnswer(event: JsonValue): void {
    const visited: number[] = [];
    this.index.match(event, (subscriber) => visited.push(subscriber));
    const expected = [...this.groups].filter(([, entry]) => matchesFilterGroup(entry.group, event));
    expect(visited.sort((left, right) => left - right)).toStrictEqual(expected.map(([subscriber]) => subscriber));
    expect(this.index.size).toBe(this.groups.size);
  }
}

type Step = { add: FilterGroup } | { remove: number } | { match: JsonValue };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: group }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ match: payload }) },
);

describe('FilterIndex', () => {
  it('should answer as the plain evaluation of every group does, through adding and removing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const comparison = new Comparison();
        for (const next of steps) {
          if ('add' in next) comparison.add(next.add);
          else if ('remove' in next) comparison.remove(next.remove);
          else comparison.expectSameAnswer(next.match);
        }
        comparison.removeAll();
        expect(comparison.index).toMatchObject({ size: 0, conjunctions: 0, scanListLength: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
