import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import { toSubscriptionFilter } from './to-subscription-filter.js';

function refuse(run: () => unknown): { message: string; path: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof FilterError) return { message: error.message, path: error.path };
    throw error;
  }
  throw new Error('The input was accepted.');
}

/** `and` and `or` by turns, `levels` deep, around one condition. */
function nest(levels: number): JsonValue {
  let input: JsonValue = { a: { eq: 1 } };
  for (let level = 0; level < levels; level += 1) input = { [level % 2 === 0 ? 'and' : 'or']: [input] };
  return input;
}

describe('an input that cannot be a filter', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'input'],
    ['nothing', undefined, 'input'],
    ['a number', 7, 'input'],
    ['empty text', '', 'input'],
    ['text that is not JSON', '{classification:{le:2}}', 'input'],
    ['text of text', '"{}"', 'input'],
    ['a list of text', ['a'], 'input[0]'],
    ['and that is a map', { and: { a: { eq: 1 } } }, 'input.and'],
    ['or that is null', { or: null }, 'input.or'],
    ['or without alternatives', { or: [] }, 'input.or'],
    ['or without alternatives inside and', { and: [{ a: { eq: 1 } }, { or: [] }] }, 'input.and[1].or'],
    ['a branch that is a list', { or: [[]] }, 'input.or[0]'],
    ['a branch that is a hole', { or: new Array(1) }, 'input.or[0]'],
    ['a field that is null', { a: null }, 'input.a'],
    ['a field that is a scalar', { a: 1 }, 'input.a'],
    ['a field without operators', { a: {} }, 'input.a'],
    ['a value that is a map, as under not', { not: { a: { eq: 1 } } }, 'input.not.a'],
  ])('should be refused at its path: %s', (_name, input, path) => {
    expect(refuse(() => toSubscriptionFilter(input)).path).toBe(path);
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'rules'],
    ['text', 'owner', 'rules'],
    ['a rule without operator', { owner: {} }, 'rules.owner'],
    ['a rule with two operators', { owner: { eq: 'a', ne: 'b' } }, 'rules.owner'],
    ['or', { or: [{ owner: { eq: 'a' } }] }, 'rules.or'],
    ['a value that is a map', { owner: { eq: {} } }, 'rules.owner.eq'],
  ])('should be refused for its rules: %s', (_name, rules, path) => {
    expect(refuse(() => toSubscriptionFilter({}, null, rules as JsonObject)).path).toBe(path);
  });

  it.each([
    ['text', 'a'],
    ['a map', {}],
    ['a number in the list', [1]],
  ])('should be refused for its ignored fields: %s', (_name, ignoredFields) => {
    const run = () => toSubscriptionFilter({}, ignoredFields as unknown as string[]);
    expect(refuse(run).path).toBe('ignoredFields');
  });
});

describe('what says nothing', () => {
  const empty = { filterGroup: [] };

  it.each<JsonValue>([{}, [], [{}], { and: [] }, { and: [{}, { and: [] }] }, { or: [{}] }, '{}'])(
    'should restrict nothing: %j',
    (input) => {
      expect(toSubscriptionFilter(input)).toStrictEqual(empty);
    },
  );

  it('should not open an or by an empty branch', () => {
    expect(toSubscriptionFilter({ or: [{}, { owner: { eq: 'jdoe' } }] })).toStrictEqual({
      filterGroup: [{ filters: [{ fieldName: 'owner', operator: 'eq', value: 'jdoe' }] }],
    });
  });

  it('should not open an or by a branch that ignored fields emptied, nested ones too', () => {
    const input = { or: [{ and: [{ a: { eq: 1 } }, { or: [{ a: { eq: 2 } }] }] }, { owner: { eq: 'jdoe' } }] };
    expect(toSubscriptionFilter(input, ['a'])).toStrictEqual({
      filterGroup: [{ filters: [{ fieldName: 'owner', operator: 'eq', value: 'jdoe' }] }],
    });
  });
});

describe('ignored fields', () => {
  it('should be compared whole', () => {
    const input = { 'venue.city': { eq: 'Porto' } };
    expect(toSubscriptionFilter(input, ['venue'])).toStrictEqual(toSubscriptionFilter(input));
    expect(toSubscriptionFilter(input, ['venue.city'])).toStrictEqual({ filterGroup: [] });
  });

  it('should not be judged', () => {
    expect(toSubscriptionFilter({ a: 'anything' }, ['a'])).toStrictEqual({ filterGroup: [] });
  });
});

describe('the size of the product', () => {
  const pair = (index: number) => ({ or: [{ [`a${index}`]: { eq: 1 } }, { [`b${index}`]: { eq: 1 } }] });

  it('should be refused when and over or would explode, without building it', () => {
    const input = { and: Array.from({ length: 60 }, (_, index) => pair(index)) };
    expect(refuse(() => toSubscriptionFilter(input))).toStrictEqual({
      message: 'input expands to more than the maximum of 1000 filters or 10000 rules.',
      path: 'input',
    });
  });

  it('should be refused for the sum of many products too', () => {
    const product = { and: Array.from({ length: 9 }, (_, index) => pair(index)) };
    expect(refuse(() => toSubscriptionFilter({ or: [product, product] })).path).toBe('input');
    expect(toSubscriptionFilter(product).filterGroup).toHaveLength(512);
  });

  it('should be refused when the rules multiply it over the bound', () => {
    const product = { and: Array.from({ length: 9 }, (_, index) => pair(index)) };
    expect(refuse(() => toSubscriptionFilter(product, null, { x: { eq: 1 }, y: { eq: 1 } })).path).toBe('input');
  });

  it('should be refused for rules without number in few filters', () => {
    const conditions = (count: number) => ({
      and: Array.from({ length: count }, (_, index) => ({ [`f${index}`]: { eq: 1 } })),
    });
    expect(toSubscriptionFilter(conditions(10_000)).filterGroup).toHaveLength(1);
    expect(refuse(() => toSubscriptionFilter(conditions(10_001))).path).toBe('input');
  });

  it('should be refused when it nests deeper than 32 levels, as a value and as text', () => {
    expect(toSubscriptionFilter(nest(32)).filterGroup).toHaveLength(1);
    expect(refuse(() => toSubscriptionFilter(nest(33))).message).toContain(
      'nests deeper than the maximum of 32 levels',
    );
    const text = `${'{"and":['.repeat(50_000)}${']}'.repeat(50_000)}`;
    expect(refuse(() => toSubscriptionFilter(text)).message).toMatch(/nests deeper|not JSON/);
  });
});

describe('the document that is returned', () => {
  it('should share no value between its filters or with the input', () => {
    const value = ['high'];
    const input = { priority: { in: value }, or: [{ a: { eq: 1 } }, { b: { eq: 1 } }] };
    const document = toSubscriptionFilter(input) as unknown as { filterGroup: { filters: { value: unknown }[] }[] };
    const [first, second] = document.filterGroup.map((filter) => filter.filters[0]?.value);
    expect(first).toStrictEqual(['high']);
    expect(first).not.toBe(second);
    expect(first).not.toBe(value);
  });

  it('should keep a field with the name of an inherited property as a name', () => {
    const document = toSubscriptionFilter('{"__proto__":{"eq":1},"constructor":{"eq":2}}');
    expect(document).toStrictEqual({
      filterGroup: [
        {
          filters: [
            { fieldName: '__proto__', operator: 'eq', value: 1 },
            { fieldName: 'constructor', operator: 'eq', value: 2 },
          ],
        },
      ],
    });
  });

  it('should be made of maps without a prototype', () => {
    const map = (entries: object): object => Object.assign(Object.create(null) as object, entries);
    const input = map({ or: [map({ a: map({ eq: 1 }) })] });
    expect(toSubscriptionFilter(input)).toStrictEqual(toSubscriptionFilter({ a: { eq: 1 } }));
  });
});
