import { describe, expect, it } from 'vitest';
import { FilterError } from '../filter-error.js';
import { defaultFilterLimits } from '../filter-limits.js';
import { parseFilterGroup } from './parse-filter-group.js';

const rule = { fieldName: 'boardId', operator: 'eq', value: 'board1' };
const group = (...rules: unknown[]) => ({ filterGroup: [{ filters: rules }] });

function refuse(document: unknown, limits = defaultFilterLimits): { message: string; path: string } {
  try {
    parseFilterGroup(document, limits);
  } catch (error) {
    if (error instanceof FilterError) return { message: error.message, path: error.path };
    throw error;
  }
  throw new Error('The document was accepted.');
}

describe('a document that is no filter group', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['text', '{}', ''],
    ['a list', [], ''],
    ['a key that is misspelled', { filtergroup: [] }, ''],
    ['a key too many', { filterGroup: [], filters: [] }, ''],
    ['a group that is no list', { filterGroup: { filters: [rule] } }, 'filterGroup'],
    ['a group that is null', { filterGroup: null }, 'filterGroup'],
    ['a filter that is null', { filterGroup: [null] }, 'filterGroup[0]'],
    ['a filter that is a list', { filterGroup: [[rule]] }, 'filterGroup[0]'],
    ['a filter without rules', { filterGroup: [{ filters: [] }] }, 'filterGroup[0].filters'],
    ['a filter without a list', { filterGroup: [{}] }, 'filterGroup[0].filters'],
    ['a filter with another key', { filterGroup: [{ filters: [rule], and: [rule] }] }, 'filterGroup[0]'],
    ['a rule that is text', group('boardId'), 'filterGroup[0].filters[0]'],
    ['a rule with another key', group({ ...rule, not: true }), 'filterGroup[0].filters[0]'],
    ['a rule without a field', group({ operator: 'eq', value: 1 }), 'filterGroup[0].filters[0].fieldName'],
    ['an empty field name', group({ ...rule, fieldName: '' }), 'filterGroup[0].filters[0].fieldName'],
    ['a field name with an empty level', group({ ...rule, fieldName: 'a..b' }), 'filterGroup[0].filters[0].fieldName'],
    ['a rule without an operator', group({ fieldName: 'a', value: 1 }), 'filterGroup[0].filters[0].operator'],
    ['an inherited operator', group({ ...rule, operator: 'toString' }), 'filterGroup[0].filters[0].operator'],
    ['a rule without a value', group({ fieldName: 'a', operator: 'eq' }), 'filterGroup[0].filters[0].value'],
    ['a hole in a list of filters', { filterGroup: new Array(1) }, 'filterGroup[0]'],
    ['a hole in a list of rules', { filterGroup: [{ filters: new Array(1) }] }, 'filterGroup[0].filters[0]'],
    [
      'a hole in a list of values',
      group({ fieldName: 'a', operator: 'in', value: Object.assign(new Array(2), { 0: 'a' }) }),
      'filterGroup[0].filters[0].value',
    ],
    ['an inherited rule', group(Object.create(rule)), 'filterGroup[0].filters[0].fieldName'],
  ])('should be refused at its path: %s', (_name, document, path) => {
    const error = refuse(document);
    expect(error.path).toBe(path);
    expect(error.message).not.toBe('');
  });

  it('should be told the operators it may use', () => {
    expect(refuse(group({ ...rule, operator: 'lte' })).message).toBe(
      'filterGroup[0].filters[0].operator `lte` must be one of eq, ne, le, lt, ge, gt, contains, notContains, beginsWith, in, notIn, between, containsAny.',
    );
  });

  it('should not have a long name of its own repeated whole', () => {
    expect(refuse(group({ ...rule, operator: 'x'.repeat(10_000) })).message.length).toBeLessThan(300);
    expect(refuse({ ['x'.repeat(10_000)]: 1 }).message.length).toBeLessThan(300);
  });
});

describe("AppSync's texts", () => {
  const field = (index: number) => ({ fieldName: `f${index}`, operator: 'eq', value: index });

  it.each<[string, unknown, string, string]>([
    [
      'too many fields',
      group(...[0, 1, 2, 3, 4, 5].map(field)),
      'Filters exceed maximum attributes limit 5 for subscription',
      'filterGroup[0].filters[5]',
    ],
    [
      'too many filters',
      { filterGroup: Array.from({ length: 11 }, () => ({ filters: [rule] })) },
      'Filters combination exceed maximum limit 10 for subscription.',
      'filterGroup',
    ],
    [
      'too many filters after expanding in',
      group(
        { fieldName: 'a', operator: 'in', value: [1, 2, 3, 4] },
        { fieldName: 'b', operator: 'in', value: [1, 2, 3] },
      ),
      'Filters combination exceed maximum limit 10 for subscription.',
      'filterGroup',
    ],
    [
      'too many values',
      group({ fieldName: 'a', operator: 'notIn', value: [1, 2, 3, 4, 5, 6] }),
      'subscription exceeds maximum value limit 5 for operator `notIn`.',
      'filterGroup[0].filters[0].value',
    ],
    [
      'a field twice',
      group(rule, { ...rule, operator: 'ne' }),
      'subscription filter uses same fieldName multiple time',
      'filterGroup[0].filters[1]',
    ],
    [
      'a wrong value',
      {
        filterGroup: [{ filters: [rule] }, { filters: [{ fieldName: 'groups', operator: 'containsAny', value: [] }] }],
      },
      'subscription filter has invalid filter value for operator `containsAny`.',
      'filterGroup[1].filters[0].value',
    ],
  ])('should be given to the letter for %s', (_name, document, message, path) => {
    expect(refuse(document)).toStrictEqual({ message, path });
  });

  it('should name the limit in force', () => {
    const document = group({ fieldName: 'a', operator: 'in', value: [1, 2, 3] });
    expect(refuse(document, { ...defaultFilterLimits, maxInValues: 2 }).message).toBe(
      'subscription exceeds maximum value limit 2 for operator `in`.',
    );
  });
});

describe('limits', () => {
  it('should count characters and not UTF-16 units', () => {
    const birds = (count: number) => group({ fieldName: 'a', operator: 'eq', value: '\u{1F426}'.repeat(count) });
    expect(parseFilterGroup(birds(256)).warnings).toStrictEqual([]);
    expect(refuse(birds(257)).path).toBe('filterGroup[0].filters[0].value');
  });

  it('should hold for each string of a list and for the field name', () => {
    const long = 'x'.repeat(257);
    expect(refuse(group({ fieldName: 'a', operator: 'in', value: ['a', long] })).path).toBe(
      'filterGroup[0].filters[0].value[1]',
    );
    expect(refuse(group({ ...rule, fieldName: long })).message).toBe(
      'filterGroup[0].filters[0].fieldName is longer than the maximum of 256 characters.',
    );
  });

  it('should not count the values of notIn and containsAny as filters', () => {
    const document = group(
      { fieldName: 'a', operator: 'notIn', value: [1, 2, 3, 4, 5] },
      { fieldName: 'b', operator: 'containsAny', value: [1, 2, 3, 4, 5] },
    );
    expect(parseFilterGroup(document).filter.filterGroup).toHaveLength(1);
  });

  it('should let a document through that only raised limits allow', () => {
    const document = group({ fieldName: 'a', operator: 'in', value: Array.from({ length: 50 }, (_, index) => index) });
    const limits = { ...defaultFilterLimits, maxFilters: 50, maxInValues: 50 };
    expect(parseFilterGroup(document, limits).filter.filterGroup).toHaveLength(1);
  });
});

describe('a filter group that was accepted', () => {
  it('should be frozen in every part and share nothing with the document', () => {
    const value = ['high', 'medium'];
    const { filter } = parseFilterGroup(group({ fieldName: 'task.priority', operator: 'in', value }));
    value.push('low');
    const [only] = filter.filterGroup;
    const [parsed] = only?.filters ?? [];
    expect(parsed).toStrictEqual({
      fieldName: 'task.priority',
      path: ['task', 'priority'],
      operator: 'in',
      value: ['high', 'medium'],
      isTooDeep: false,
    });
    for (const part of [filter, filter.filterGroup, only, only?.filters, parsed, parsed?.path, parsed?.value]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('should be read from maps without a prototype', () => {
    const map = (entries: object): object => Object.assign(Object.create(null) as object, entries);
    const document = map({ filterGroup: [map({ filters: [map(rule)] })] });
    expect(parseFilterGroup(document).filter.filterGroup[0]?.filters[0]).toMatchObject(rule);
  });

  it('should come with a warning for each rule that can never match', () => {
    const { warnings } = parseFilterGroup(
      group(
        { fieldName: 'a.b.c.d.e.f', operator: 'eq', value: 1 },
        { fieldName: 'level', operator: 'between', value: [5, 1] },
        { fieldName: 'name', operator: 'between', value: ['a', 'a'] },
      ),
    );
    expect(warnings).toStrictEqual([
      'filterGroup[0].filters[0] never matches: `a.b.c.d.e.f` has more than 5 levels.',
      'filterGroup[0].filters[1] never matches: the lower bound of `between` is greater than the upper one.',
    ]);
  });
});
