import { describe, expect, it } from 'vitest';

import { mySqlDialect, parametersOf, postgresDialect, splitSql } from './sql-tokens.js';
import type { SqlDialect } from './sql-tokens.js';

const dialects: readonly SqlDialect[] = [postgresDialect, mySqlDialect];

function namesIn(sql: string, dialect: SqlDialect): string[] {
  return [...parametersOf(sql, dialect)];
}

describe.each(dialects)('a statement for $name', (dialect) => {
  it.each<[string, string, string[]]>([
    ['no parameter', 'SELECT 1', []],
    ['parameters', 'INSERT INTO tasks VALUES (:id, :title,:rank)', ['id', 'title', 'rank']],
    ['one parameter twice', 'SELECT :id WHERE id = :id', ['id']],
    ['one name that begins another', 'SELECT :id, :id2, :id_2', ['id', 'id2', 'id_2']],
    ['a parameter at the end', 'SELECT :P0', ['P0']],
    ['a string', "SELECT ':no', :yes", ['yes']],
    ['a string with quotes in it', "SELECT 'it''s :no', :yes", ['yes']],
    ['an empty string', "SELECT '', :yes, ''", ['yes']],
    ['a quoted string or name', 'SELECT ":no" AS "a "":no", :yes', ['yes']],
    ['a line comment', 'SELECT 1 -- :no\n, :yes', ['yes']],
    ['a line comment at the end', 'SELECT :yes -- :no', ['yes']],
    ['a comment', 'SELECT /* :no, " \' */ :yes', ['yes']],
    ['a string that is left open', "SELECT :yes, ':no", ['yes']],
    ['a comment that is left open', 'SELECT :yes /* :no', ['yes']],
    ['a colon before a digit or a space', 'SELECT a[1:2], b[1: 2], :yes', ['yes']],
    ['letters of other scripts', "SELECT 'größe :no', größe, :yes", ['yes']],
  ])('should have the parameters that are not %s', (_, sql, names) => {
    expect(namesIn(sql, dialect)).toEqual(names);
  });
});

describe('PostgreSQL', () => {
  it.each<[string, string, string[]]>([
    ['casts', 'SELECT :id::uuid, id::text', ['id']],
    ['backslashes, which mean nothing', "SELECT '\\', :yes", ['yes']],
    ['escape strings', "SELECT E'\\':no', e'\\\\', :yes", ['yes']],
    ['a string after a name that ends with e', "SELECT date'\\', :yes", ['yes']],
    ['dollar quotes', 'SELECT $$:no$$, $a$ :no $$ :no $a$, :yes', ['yes']],
    ['a dollar quote that is left open', 'SELECT :yes, $a$ :no', ['yes']],
    ['a dollar in a name', 'SELECT a$b, :yes, a$b', ['yes']],
    ['comments in comments', 'SELECT /* /* :no */ :no */ :yes', ['yes']],
    ['no hash comment', 'SELECT 1 # :yes', ['yes']],
  ])('should know %s', (_, sql, names) => {
    expect(namesIn(sql, postgresDialect)).toEqual(names);
  });
});

describe('MySQL', () => {
  it.each<[string, string, string[]]>([
    ['backslashes', `SELECT '\\':no', "\\":no", :yes`, ['yes']],
    ['backticks', 'SELECT `:no`, :yes', ['yes']],
    ['hash comments', 'SELECT 1 # :no\n, :yes', ['yes']],
    ['two dashes that are no comment', 'SELECT 1--:yes', ['yes']],
    ['no comments in comments', 'SELECT /* /* :no */ :yes', ['yes']],
    ['assignments', 'SELECT @a := :yes', ['yes']],
  ])('should know %s', (_, sql, names) => {
    expect(namesIn(sql, mySqlDialect)).toEqual(names);
  });
});

describe('a long statement', () => {
  it.each([
    ['quotes', "'".repeat(200_001)],
    ['escapes', `E'${'\\a'.repeat(100_000)}`],
    ['comments', '/*'.repeat(100_000)],
    ['dollars', '$a'.repeat(100_000)],
    ['colons', ':'.repeat(200_000)],
    ['names', `${'a'.repeat(200_000)}`],
  ])('should be read in time, whatever it is full of: %s', (_, sql) => {
    const start = performance.now();
    for (const dialect of dialects) splitSql(sql, dialect);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
