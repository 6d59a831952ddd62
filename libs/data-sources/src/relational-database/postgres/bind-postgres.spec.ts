import { describe, expect, it } from 'vitest';

import { readRelationalRequest } from '../relational-request.js';
import { bindPostgres } from './bind-postgres.js';

function bind(sql: string, variableMap: Record<string, string | number | boolean | null>, variableTypeHintMap = {}) {
  return bindPostgres(sql, readRelationalRequest({ statements: [sql], variableMap, variableTypeHintMap }).variables);
}

describe('a bound statement', () => {
  it.each<[string, string, ReturnType<typeof bind>]>([
    [
      'each value once',
      'SELECT :a, :b, :a',
      { text: 'SELECT $1::varchar, $2::varchar, $1::varchar', values: ['x', 'y'] },
    ],
    ['numbers with their type', 'SELECT :n, :d', { text: 'SELECT $1::int8, $2::float8', values: [3, 1.5] }],
    ['booleans with their type', 'SELECT :t', { text: 'SELECT $1::bool', values: [true] }],
    ['nulls', 'SELECT :null', { text: 'SELECT $1', values: [null] }],
    ['only what it names', 'SELECT 1', { text: 'SELECT 1', values: [] }],
    ['a cast of its own', 'SELECT :a::int', { text: 'SELECT $1::varchar::int', values: ['x'] }],
  ])('should have %s', (_, sql, bound) => {
    expect(bind(sql, { ':a': 'x', ':b': 'y', ':n': 3, ':d': 1.5, ':t': true, ':null': null })).toEqual(bound);
  });

  it.each(['UUID', 'DATE', 'TIME', 'TIMESTAMP'])('should have the type of its hint: %s', (hint) => {
    expect(bind('SELECT :a', { a: 'x' }, { ':a': hint }).text).toBe(`SELECT $1::${hint.toLowerCase()}`);
  });

  it('should be refused without a variable for a parameter', () => {
    expect(() => bind('SELECT :a, :missing', { a: 1 })).toThrow(
      expect.objectContaining({
        errorType: '400 Bad Request',
        message: 'RDSHttp:{"message":"Cannot find parameter: missing"}',
      }),
    );
  });
});
