import type { JsonObject } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { createMySqlDataSource, createPostgresDataSource, createSqlDataSource } from '#libs/data-sources';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.tasks' };

describe('a faulty document', () => {
  // Nobody listens there: a document that is not refused before the connection is made ends with another error.
  const source = createPostgresDataSource({ connectionString: 'postgres://starling:secret@127.0.0.1:1/starling' });

  it.each<[JsonObject, string]>([
    [{}, "Value for field '$[statements]' not found."],
    [
      { statements: 'SELECT 1' },
      'Expected a list of strings for field \'$[statements]\', but got the string "SELECT 1".',
    ],
    [{ statements: [] }, "Expected 1 or 2 statements for field '$[statements]', but got 0."],
    [{ statements: ['a', 'b', 'c'] }, "Expected 1 or 2 statements for field '$[statements]', but got 3."],
    [{ statements: [1] }, "Expected a list of strings for field '$[statements]', but got a list."],
    [{ statements: ['a'], variables: {} }, "Unsupported element '$[variables]'."],
    [{ statements: ['a'], variableMap: [] }, "Expected an object for field '$[variableMap]', but got a list."],
    [
      { statements: ['a'], variableMap: { ':a': 1, a: 2 } },
      "The variable of field '$[variableMap][a]' is there twice.",
    ],
    [
      { statements: ['a'], variableTypeHintMap: { ':a': 'uuid' } },
      'Expected one of DATE, DECIMAL, JSON, TIME, TIMESTAMP, UUID for field \'$[variableTypeHintMap][:a]\', but got the string "uuid".',
    ],
  ])('should be refused before anything is sent: %j', async (document, message) => {
    expect(await refusalOf(source.execute(document, call))).toMatchObject({ errorType: 'MappingTemplate', message });
  });
});

describe('a connection string', () => {
  it.each([
    [createPostgresDataSource, 'mysql://starling:secret@db/starling'],
    [createMySqlDataSource, 'postgres://starling:secret@db/starling'],
    [createSqlDataSource, 'redis://starling:secret@db/starling'],
    [createSqlDataSource, 'starling:secret@db/starling'],
    [createSqlDataSource, 'postgres://starling:secret@[db/starling'],
  ])('should be refused at once, without being repeated, by %o: %s', (create, connectionString) => {
    const refusal = (() => {
      try {
        return create({ connectionString });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(RangeError);
    expect(String(refusal)).toMatch(
      /^RangeError: A connection string must be like \w+:\/\/user:password@host\/database\.$/,
    );
  });

  it.each(['postgres', 'postgresql', 'mysql', 'mariadb'])('should tell the kind of database: %s', async (scheme) => {
    const source = createSqlDataSource({ connectionString: `${scheme}://starling:secret@127.0.0.1:1/starling` });
    expect(await refusalOf(source.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '504 Gateway Timeout',
      message: 'RDSHttp:{"message":"The database could not be reached."}',
      cause: { code: 'ECONNREFUSED' },
    });
    await source.close();
  });
});
