import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { argumentFilter } from './argument-filter.js';
import { matchesFilterGroup } from './matches-filter-group.js';

const matches = (args: JsonObject, payload: JsonValue) => matchesFilterGroup(argumentFilter(args), payload);

describe('filtering by arguments', () => {
  it('should be one conjunction of eq', () => {
    const { kind, filterGroup } = argumentFilter({ boardId: 'board1', owner: null });
    expect(kind).toBe('arguments');
    expect(filterGroup).toHaveLength(1);
    expect(filterGroup[0]?.filters.map(({ path, operator, value }) => [path, operator, value])).toStrictEqual([
      [['boardId'], 'eq', 'board1'],
      [['owner'], 'eq', null],
    ]);
  });

  it('should let any payload through without arguments, a list too', () => {
    const payloads: JsonValue[] = [{}, { id: 't1' }, [{ id: 't1' }], null];
    for (const payload of payloads) expect(matches({}, payload)).toBe(true);
  });

  it('should take an argument that is undefined for one that was left out', () => {
    const args = { boardId: undefined } as unknown as JsonObject;
    expect(matches(args, { boardId: 'board1' })).toBe(true);
  });

  it('should match null with a null and with a missing field, and with nothing else', () => {
    expect(matches({ owner: null }, { owner: null })).toBe(true);
    expect(matches({ owner: null }, {})).toBe(true);
    for (const owner of ['', 0, false, 'jdoe', []]) expect(matches({ owner: null }, { owner })).toBe(false);
  });

  it('should be strict about types', () => {
    expect(matches({ level: 3 }, { level: '3' })).toBe(false);
    expect(matches({ done: false }, { done: 0 })).toBe(false);
  });

  it('should compare lists and objects by all they hold', () => {
    expect(matches({ tags: ['a', 'b'] }, { tags: ['a', 'b'] })).toBe(true);
    expect(matches({ tags: ['a', 'b'] }, { tags: ['b', 'a'] })).toBe(false);
    expect(matches({ at: { x: 1, y: 2 } }, { at: { y: 2, x: 1 } })).toBe(true);
    expect(matches({ at: { x: 1 } }, { at: { x: 1, y: 2 } })).toBe(false);
  });

  it('should never match a payload without fields when an argument has a value', () => {
    for (const payload of [[{ id: 't1' }], 't1', null]) expect(matches({ id: 't1' }, payload)).toBe(false);
  });

  it('should take a name with a dot for a name and not for a path', () => {
    expect(matches({ 'a.b': 1 }, { 'a.b': 1 })).toBe(true);
    expect(matches({ 'a.b': 1 }, { a: { b: 1 } })).toBe(false);
  });

  it('should compare an argument named as an inherited property with own fields only', () => {
    expect(matches(JSON.parse('{"__proto__":"x"}') as JsonObject, { id: 't1' })).toBe(false);
    expect(matches({ constructor: null }, { id: 't1' })).toBe(true);
  });
});
