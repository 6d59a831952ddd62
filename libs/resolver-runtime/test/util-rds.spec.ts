import type { ValueMap } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';
import { createContext, evaluate } from './fixtures.js';

const update = { numberOfRecordsUpdated: 1, generatedFields: [] };
const select = {
  numberOfRecordsUpdated: 0,
  records: [
    [{ stringValue: 'Mark Twain' }, { stringValue: '978-1948132817' }],
    [{ stringValue: 'Jack London' }, { isNull: true }],
  ],
  columnMetadata: [{ label: 'author', name: 'a' }, { label: 'ISBN-13' }],
};
const rows = [{ author: 'Mark Twain', 'ISBN-13': '978-1948132817' }, { author: 'Jack London' }];

function call(name: string, result: unknown): unknown {
  const ctx = createContext({ args: toValue({ result }) as ValueMap });
  return evaluate(`#return($util.rds.${name}($ctx.args.result))`, ctx);
}

describe('util.rds.toJsonObject', () => {
  // Values recorded from AWS AppSync in github.com/localstack/appsync-utils, __tests__/__snapshots__/resolvers.test.js.snap.
  it.each<[string, unknown[], unknown]>([
    ['rows by column label, null columns left out', [select], [rows]],
    ['a statement without result set', [update], [[{}]]],
    ['two statements', [update, select], [[{}], rows]],
    ['no rows', [{ records: [], columnMetadata: [] }], [[]]],
    [
      'every type of field',
      [
        {
          records: [
            [
              { longValue: 12345 },
              { booleanValue: false },
              { blobValue: 'aGVsbG8=' },
              { doubleValue: 12.34 },
              { arrayValue: { stringValues: ['a', 'b'] } },
              { arrayValue: { arrayValues: [{ booleanValues: [true] }, { longValues: [1, 2] }] } },
            ],
          ],
          columnMetadata: ['id', 'done', 'data', 'rank', 'tags', 'grid'].map((name) => ({ name })),
        },
      ],
      [
        [
          {
            id: 12345,
            done: false,
            data: 'aGVsbG8=',
            rank: 12.34,
            tags: ['a', 'b'],
            grid: [[true], [1, 2]],
          },
        ],
      ],
    ],
  ])('should give %s', (_story, sqlStatementResults, value) => {
    expect(call('toJsonObject', JSON.stringify({ sqlStatementResults }))).toEqual(value);
    expect(call('toJsonObject', { sqlStatementResults })).toEqual(value);
    expect(call('toJsonString', JSON.stringify({ sqlStatementResults }))).toBe(JSON.stringify(value));
  });

  it.each([
    [null, 'util.rds expects the result of SQL statements.'],
    ['{}', 'util.rds expects the result of SQL statements.'],
    ['nothing', 'Unable to parse the JSON document'],
    [{ sqlStatementResults: [{ records: [[{ stringValue: 'a' }]], columnMetadata: [] }] }, 'has no label'],
    [{ sqlStatementResults: [{ records: [1], columnMetadata: [] }] }, 'has no columns'],
    [
      { sqlStatementResults: [{ records: [[{ stringValue: 'a' }]], columnMetadata: [{ label: 'constructor' }] }] },
      "The key 'constructor' is reserved",
    ],
  ])('should refuse %j', (result, message) => {
    expect(() => call('toJsonObject', result)).toThrow(message);
  });
});
