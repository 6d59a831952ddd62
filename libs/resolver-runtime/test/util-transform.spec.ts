import type { ResolverContext } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import type { ValueMap } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';
import recorded from './dynamodb-expression-cases.json' with { type: 'json' };
import { createContext, createRun, evaluate } from './fixtures.js';

function transform(name: string, filter: unknown): unknown {
  const ctx: ResolverContext = createContext({ args: toValue({ filter }) as ValueMap });
  const text = evaluate(`#return($util.transform.${name}($ctx.args.filter))`, ctx, createRun());
  return typeof text === 'string' ? JSON.parse(text) : text;
}

describe.each(['toDynamoDBFilterExpression', 'toDynamoDBConditionExpression'])('util.transform.%s', (name) => {
  it.each(recorded.cases)('should give what AWS gives for $story', ({ filter, value }) => {
    expect(transform(name, filter)).toEqual(value);
  });
});

describe('util.transform.toDynamoDBFilterExpression', () => {
  it('should give JSON text without spaces', () => {
    expect(evaluate('#return($util.transform.toDynamoDBFilterExpression({"title": {"contains": "a"}}))')).toBe(
      '{"expression":"(contains(#title,:title_contains))","expressionNames":{"#title":"title"},"expressionValues":{":title_contains":{"S":"a"}}}',
    );
  });

  it.each(['id) OR (attribute_exists(id', 'a = :a_eq', 'a,b', 'a:b', '#a'])(
    'should refuse the field name %j',
    (name) => {
      expect(() => transform('toDynamoDBFilterExpression', { and: [{ [name]: { eq: 1 } }] })).toThrow(
        "can't be part of a DynamoDB expression",
      );
    },
  );

  it('should not find operators that objects of the host have', () => {
    expect(transform('toDynamoDBFilterExpression', { v: { toString: 1 } })).toBeNull();
    expect(transform('toDynamoDBFilterExpression', { v: { attributeType: 'toString' } })).toBeNull();
  });
});

const notUpvotes15 = { bool: { must_not: { term: { upvotes: 15 } } } };

describe('util.transform.toElasticsearchQueryDSL', () => {
  it.each<[unknown, unknown]>([
    [
      { upvotes: { ne: 15, range: [10, 20] }, title: { eq: 'hihihi', wildcard: 'h*i' } },
      {
        bool: {
          must: [
            { bool: { must: [notUpvotes15, { range: { upvotes: { gte: 10, lte: 20 } } }] } },
            { bool: { must: [{ term: { title: 'hihihi' } }, { wildcard: { title: 'h*i' } }] } },
          ],
        },
      },
    ],
    [{ title: { match: 'a' } }, { match: { title: 'a' } }],
    [{ title: { matchPhrase: 'a b' } }, { match_phrase: { title: 'a b' } }],
    [{ title: { matchPhrasePrefix: 'a b' } }, { match_phrase_prefix: { title: 'a b' } }],
    [{ title: { multiMatch: 'a' } }, { multi_match: { title: 'a' } }],
    [{ title: { regexp: 'a.*' } }, { regexp: { title: 'a.*' } }],
    [{ title: { exists: true } }, { exists: { field: 'title' } }],
    [{ title: { exists: false } }, { bool: { must_not: { exists: { field: 'title' } } } }],
    [
      { rank: { gt: 1, lt: 2, gte: 3, lte: 4 } },
      {
        bool: {
          must: [
            { range: { rank: { gt: 1 } } },
            { range: { rank: { lt: 2 } } },
            { range: { rank: { gte: 3 } } },
            { range: { rank: { lte: 4 } } },
          ],
        },
      },
    ],
    [{ not: { upvotes: { eq: 15 } } }, notUpvotes15],
    [
      { or: [{ a: { eq: 1 } }, { b: { eq: 2 }, c: { eq: 3 } }] },
      {
        bool: {
          should: [{ term: { a: 1 } }, { bool: { must: [{ term: { b: 2 } }, { term: { c: 3 } }] } }],
          minimum_should_match: 1,
        },
      },
    ],
    [{ and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }, { bool: { must: [{ term: { a: 1 } }, { term: { b: 2 } }] } }],
    [{}, { bool: { must: [] } }],
  ])('should write %j', (filter, query) => {
    expect(transform('toElasticsearchQueryDSL', filter)).toEqual(query);
  });

  it.each<[unknown]>([
    [null],
    [[]],
    ['a'],
    [{ a: 1 }],
    [{ a: { foo: 1 } }],
    [{ a: { toString: 1 } }],
    [{ a: { range: [1] } }],
    [{ a: { exists: 'yes' } }],
    [{ and: {} }],
    [{ or: [null] }],
    [{ not: [] }],
  ])('should be null for %j', (filter) => {
    expect(transform('toElasticsearchQueryDSL', filter)).toBeNull();
  });
});

describe('filters built to cost much', () => {
  const nested = Array.from({ length: 300 }).reduce<unknown>((inner) => ({ not: inner }), { a: { eq: 1 } });

  it.each(['toDynamoDBFilterExpression', 'toElasticsearchQueryDSL'])('should end %s by the limit', (name) => {
    expect(() => transform(name, nested)).toThrow('the limit of 256 levels of nesting is exceeded');
  });
});
