import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TupleTable } from './tuple-table.js';

const tuple = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 });

describe('TupleTable', () => {
  it('should find what was put in and not taken out, as a map of texts does', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ tuple, isAdded: fc.boolean() }), { maxLength: 200 }), (steps) => {
        const table = new TupleTable();
        const expected = new Map<string, number>();
        for (const step of steps) {
          const words = Uint32Array.from(step.tuple);
          const key = step.tuple.join();
          const id = expected.get(key) ?? 0;
          expect(table.find(words, words.length)).toBe(id);
          if (step.isAdded && id === 0) {
            expected.set(key, table.insert(words, words.length));
          } else if (!step.isAdded && id !== 0) {
            table.delete(id);
            expected.delete(key);
          }
        }
        expect(table.size).toBe(expected.size);
        expect(new Set(expected.values()).size).toBe(expected.size);
        for (const [key, id] of expected) {
          expect(Array.from({ length: table.lengthOf(id) }, (_, index) => table.at(id, index)).join()).toBe(key);
        }
      }),
    );
  });

  it('should tell a tuple from a longer one that begins with it', () => {
    const table = new TupleTable();
    const short = table.insert(Uint32Array.of(1), 1);
    expect(table.find(Uint32Array.of(1, 0), 2)).toBe(0);
    expect(table.find(Uint32Array.of(1, 0), 1)).toBe(short);
  });
});
