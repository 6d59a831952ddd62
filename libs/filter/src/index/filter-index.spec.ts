import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import { argumentFilter } from '../argument-filter.js';
import { parseFilterGroup } from '../parse/parse-filter-group.js';
import { FilterIndex } from './filter-index.js';

type Rule = readonly [fieldName: string, operator: string, value: JsonValue];

/** A group of filters, each a list of rules. */
function group(...filters: readonly (readonly Rule[])[]) {
  const filterGroup = filters.map((rules) => ({
    filters: rules.map(([fieldName, operator, value]) => ({ fieldName, operator, value })),
  }));
  return parseFilterGroup({ filterGroup }).filter;
}

const onBoard = (boardId: string) => group([['boardId', 'eq', boardId]]);

function match<Subscriber>(index: FilterIndex<Subscriber>, payload: JsonValue): Subscriber[] {
  const visited: Subscriber[] = [];
  index.match(payload, (subscriber) => visited.push(subscriber));
  return visited;
}

describe('FilterIndex', () => {
  describe('what it counts', () => {
    it('should keep a conjunction once, whatever the order of its rules and the number of its subscribers', () => {
      const index = new FilterIndex<string>();
      index.add(
        group([
          ['boardId', 'eq', 'b1'],
          ['priority', 'in', ['high', 'low']],
        ]),
        'ada',
      );
      index.add(
        group([
          ['priority', 'in', ['low', 'high', 'low']],
          ['boardId', 'eq', 'b1'],
        ]),
        'bob',
      );
      index.add(
        group([
          ['boardId', 'in', ['b1']],
          ['priority', 'in', ['low', 'high']],
        ]),
        'cyd',
      );
      expect(index).toMatchObject({ size: 3, conjunctions: 1, scanListLength: 0 });
    });

    it('should count what has to be checked for every event', () => {
      const index = new FilterIndex<string>();
      index.add(
        group(
          [['status', 'ne', 'done']],
          [
            ['tags', 'notContains', 'old'],
            ['status', 'notIn', ['done']],
          ],
        ),
        'ada',
      );
      index.add(
        group([
          ['status', 'ne', 'done'],
          ['boardId', 'eq', 'b1'],
        ]),
        'bob',
      );
      index.add(group([['severity', 'ge', 3]]), 'cyd');
      index.add(group(), 'dan');
      expect(index.scanListLength).toBe(2);
    });

    it('should go back to nothing', () => {
      const index = new FilterIndex<number>();
      // Enough for the index to give its memory back.
      const handles = Array.from({ length: 5_000 }, (_, number) => index.add(onBoard(`b${number}`), number));
      expect(index).toMatchObject({ size: 5_000, conjunctions: 5_000 });
      for (const handle of handles) index.remove(handle);
      expect(index).toMatchObject({ size: 0, conjunctions: 0, scanListLength: 0 });
      index.add(onBoard('b1'), 7);
      index.remove(handles[0]!);
      expect(match(index, { boardId: 'b1' })).toStrictEqual([7]);
    });
  });

  describe('who is visited', () => {
    it('should visit a subscriber once, however many of its filters match', () => {
      const index = new FilterIndex<string>();
      index.add(
        group([['boardId', 'eq', 'b1']], [['priority', 'eq', 'high']], [['tags', 'containsAny', ['a', 'b']]]),
        'ada',
      );
      index.add(onBoard('b1'), 'bob');
      const payload = { boardId: 'b1', priority: 'high', tags: ['a', 'b', 'a'] };
      expect(match(index, payload).sort()).toStrictEqual(['ada', 'bob']);
    });

    it.each<readonly [string, JsonValue]>([
      ['contains', 'a'],
      ['containsAny', ['a']],
      ['containsAny', ['a', 'b']],
    ])('should visit once where a list has an element twice: %s %j', (operator, value) => {
      const index = new FilterIndex<string>();
      index.add(group([['tags', operator, value]]), 'ada');
      expect(match(index, { tags: ['a', 'c', 'a'] })).toStrictEqual(['ada']);
    });

    it('should visit once for each time it was added', () => {
      const index = new FilterIndex<string>();
      index.add(onBoard('b1'), 'ada');
      const second = index.add(onBoard('b1'), 'ada');
      expect(match(index, { boardId: 'b1' })).toStrictEqual(['ada', 'ada']);
      index.remove(second);
      expect(match(index, { boardId: 'b1' })).toStrictEqual(['ada']);
    });

    it('should not give a list to those with an enhanced filter', () => {
      const index = new FilterIndex<string>();
      index.add(group(), 'enhanced');
      index.add(argumentFilter({}), 'all arguments left out');
      index.add(argumentFilter({ boardId: null }), 'null');
      index.add(argumentFilter({ boardId: 'b1' }), 'board');
      expect(match(index, [{ boardId: 'b1' }]).sort()).toStrictEqual(['all arguments left out', 'null']);
      expect(match(index, { boardId: 'b1' }).sort()).toStrictEqual(['all arguments left out', 'board', 'enhanced']);
    });

    it('should find an object that an argument equals', () => {
      const index = new FilterIndex<string>();
      index.add(argumentFilter({ owner: { name: 'ada', teams: [1, 2] } }), 'ada');
      expect(match(index, { owner: { teams: [1, 2], name: 'ada' } })).toStrictEqual(['ada']);
      expect(match(index, { owner: { teams: [2, 1], name: 'ada' } })).toStrictEqual([]);
    });

    it('should take any value for a subscriber', () => {
      const index = new FilterIndex<unknown>();
      const subscribers = [['a', 'list'], undefined, 0, null];
      for (const subscriber of subscribers) index.add(onBoard('b1'), subscriber);
      expect(match(index, { boardId: 'b1' })).toStrictEqual(subscribers);
    });
  });

  describe('handles', () => {
    it('should have no effect the second time, also when another subscriber has come', () => {
      const index = new FilterIndex<string>();
      const handle = index.add(onBoard('b1'), 'ada');
      index.remove(handle);
      index.add(onBoard('b1'), 'bob');
      index.remove(handle);
      expect(match(index, { boardId: 'b1' })).toStrictEqual(['bob']);
    });
  });

  describe('changes during a visit', () => {
    it('should not visit whom an earlier visit removed', () => {
      const index = new FilterIndex<string>();
      const handles = ['ada', 'bob', 'cyd'].map((name) => index.add(onBoard('b1'), name));
      const visited: string[] = [];
      index.match({ boardId: 'b1' }, (name) => {
        visited.push(name);
        for (const handle of handles) index.remove(handle);
        expect(index.size).toBe(0);
      });
      expect(visited).toHaveLength(1);
      expect(index).toMatchObject({ size: 0, conjunctions: 0 });
    });

    it('should visit whom a visit added from the next event on', () => {
      const index = new FilterIndex<string>();
      index.add(onBoard('b1'), 'ada');
      const visited: string[] = [];
      index.match({ boardId: 'b1' }, (name) => {
        visited.push(name);
        index.add(onBoard('b1'), 'bob');
        index.remove(index.add(onBoard('b1'), 'cyd'));
      });
      expect(visited).toStrictEqual(['ada']);
      expect(match(index, { boardId: 'b1' })).toStrictEqual(['ada', 'bob']);
    });

    it('should match another payload within a visit', () => {
      const index = new FilterIndex<string>();
      index.add(group([['boardId', 'eq', 'b1']], [['boardId', 'in', ['b1', 'b2']]]), 'ada');
      index.add(group([['boardId', 'eq', 'b2']], [['boardId', 'in', ['b1', 'b2']]]), 'bob');
      const visited: string[] = [];
      index.match({ boardId: 'b1' }, (name) => {
        visited.push(name);
        visited.push(...match(index, { boardId: 'b2' }));
      });
      expect(visited.sort()).toStrictEqual(['ada', 'ada', 'ada', 'bob', 'bob', 'bob']);
    });

    it('should throw on what a visit throws, and keep the changes', () => {
      const index = new FilterIndex<string>();
      const handle = index.add(onBoard('b1'), 'ada');
      const fail = () => {
        index.remove(handle);
        throw new Error('The socket is gone.');
      };
      expect(() => index.match({ boardId: 'b1' }, fail)).toThrow('The socket is gone.');
      expect(match(index, { boardId: 'b1' })).toStrictEqual([]);
      expect(index.conjunctions).toBe(0);
    });
  });
});
