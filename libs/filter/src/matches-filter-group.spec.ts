import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#libs/protocol';
import { defaultFilterLimits } from './filter-limits.js';
import type { OperatorName } from './operators/index.js';
import { operators } from './operators/index.js';
import { matchesFilterGroup } from './matches-filter-group.js';
import { parseFilterGroup } from './parse/parse-filter-group.js';

/** A value for each operator that does not take a string. */
const values: { readonly [Name in OperatorName]?: JsonValue } = {
  in: ['x'],
  notIn: ['x'],
  containsAny: ['x'],
  between: ['a', 'z'],
};

function matches(document: JsonValue, payload: JsonValue): boolean {
  return matchesFilterGroup(parseFilterGroup(document).filter, payload);
}

describe('an enhanced filter', () => {
  it.each(Object.keys(operators) as OperatorName[])('should not hold by %s on a null or missing field', (operator) => {
    const document = {
      filterGroup: [{ filters: [{ fieldName: 'owner', operator, value: values[operator] ?? 'x' }] }],
    };
    const payloads: JsonValue[] = [{ owner: null }, {}, { task: { owner: 'y' } }];
    for (const payload of payloads) expect(matches(document, payload)).toBe(false);
  });

  it('should never match a payload that is a list', () => {
    const contains = { fieldName: 'length', operator: 'ge', value: 0 };
    expect(matches({ filterGroup: [] }, [{ id: 't1' }])).toBe(false);
    expect(matches({ filterGroup: [{ filters: [contains] }] }, [{ id: 't1' }])).toBe(false);
  });

  it.each<JsonValue>([{}, { id: 't1' }, null, 'done', 3])(
    'should let %j through when it restricts nothing',
    (payload) => {
      expect(matches({ filterGroup: [] }, payload)).toBe(true);
      expect(matches({}, payload)).toBe(true);
    },
  );

  it('should keep a rule that is too deep from opening its filter', () => {
    const tooDeep = { fieldName: 'a.b.c.d.e.f', operator: 'ne', value: 1 };
    const payload = { id: 't1', a: { b: { c: { d: { e: { f: 2 } } } } } };
    const byId = { fieldName: 'id', operator: 'eq', value: 't1' };
    expect(matches({ filterGroup: [{ filters: [byId, tooDeep] }] }, payload)).toBe(false);
    expect(matches({ filterGroup: [{ filters: [tooDeep] }, { filters: [byId] }] }, payload)).toBe(true);
  });

  it('should reach as deep as the limit it was parsed with', () => {
    const document = { filterGroup: [{ filters: [{ fieldName: 'a.b.c.d.e.f', operator: 'eq', value: 2 }] }] };
    const { filter, warnings } = parseFilterGroup(document, { ...defaultFilterLimits, maxFieldDepth: 6 });
    expect(matchesFilterGroup(filter, { a: { b: { c: { d: { e: { f: 2 } } } } } })).toBe(true);
    expect(warnings).toStrictEqual([]);
  });
});
