import { FieldError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { startMariaDb } from '#libs/testing';
import type { SqlServer } from '#libs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createMySqlDataSource } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { firstResultOf, rowsOf } from './read-sql-result.js';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.createTask' };

let server: SqlServer;
let source: DataSource;
beforeAll(async () => {
  server = await startMariaDb();
  source = createMySqlDataSource({ connectionString: server.connectionString });
  // A machine without the server installs it first.
}, 300_000);
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const run = (statements: string | string[], variableMap: JsonObject = {}, variableTypeHintMap: JsonObject = {}) => {
  const list = typeof statements === 'string' ? [statements] : statements;
  return source.execute({ version: '2018-05-29', statements: list, variableMap, variableTypeHintMap }, call);
};
const rows = async (...request: Parameters<typeof run>) => rowsOf(await run(...request));
const rdsText = (message: string) => `RDSHttp:${JSON.stringify({ message })}`;

describe('RELATIONAL_DATABASE on MySQL', () => {
  describeDataSource('RELATIONAL_DATABASE', async () => {
    const document = { statements: ['SELECT :n AS n'], variableMap: { ':n': 7 } };
    const contractSource = createMySqlDataSource({ connectionString: server.connectionString });
    const result = await contractSource.execute(document, call);
    return {
      source: contractSource,
      document,
      result,
      refused: { statements: [] },
      stop: () => contractSource.close(),
    };
  });
});

describe('statements', () => {
  beforeEach(async () => {
    await run('DROP TABLE IF EXISTS tasks');
    await run('CREATE TABLE tasks (id int AUTO_INCREMENT PRIMARY KEY, title text, done boolean)');
  });

  const insert = 'INSERT INTO tasks (title, done) VALUES (:title, :done)';
  const task = { ':title': `Paint\\'; DROP TABLE tasks; -- "`, ':done': true };

  it('should be bound: what is in a value is no SQL', async () => {
    expect(
      await rows([insert, 'SELECT title, done FROM tasks WHERE title = :title LIMIT :n'], { ...task, ':n': 5 }),
    ).toEqual([[{}], [{ title: task[':title'], done: true }]]);
  });

  it('should answer the count of changed rows and the ids that were made', async () => {
    await run(insert, task);
    expect(JSON.parse((await run(insert, task)) as string)).toEqual({
      sqlStatementResults: [{ numberOfRecordsUpdated: 1, generatedFields: [{ longValue: 2 }] }],
    });
    expect(JSON.parse((await run("UPDATE tasks SET title = 'a'")) as string)).toEqual({
      sqlStatementResults: [{ numberOfRecordsUpdated: 2, generatedFields: [] }],
    });
  });

  it.each([
    ['without values', 'SELECT * FROM tasks', {}],
    ['with values', 'SELECT * FROM tasks WHERE title = :title', task],
  ])('should answer an empty list for a SELECT without a match, %s', async (_, statement, variables) => {
    expect(await rows(statement, variables)).toEqual([[]]);
  });

  it('should keep two columns of one name apart', async () => {
    expect(firstResultOf(await run('SELECT 1 AS n, 2 AS n')).records).toEqual([[{ longValue: 1 }, { longValue: 2 }]]);
  });

  it('should both take effect, or neither', async () => {
    await refusalOf(run([insert, 'SELECT nothing'], task));
    expect(await rows('SELECT count(*) AS n FROM tasks')).toEqual([[{ n: 0 }]]);
    await run([insert, insert], task);
    expect(await rows('SELECT count(*) AS n FROM tasks')).toEqual([[{ n: 2 }]]);
  });

  it.each([
    ['as it is', ''],
    ['when the connection string asks for it', '?multipleStatements=true'],
  ])('should not be joined to another in one text, %s', async (_, query) => {
    const other = createMySqlDataSource({ connectionString: server.connectionString + query });
    const statements = ["SELECT 1; INSERT INTO tasks (title) VALUES ('a')"];
    expect(await refusalOf(other.execute({ statements }, call))).toMatchObject({
      errorType: '400 Bad Request',
      message: expect.stringContaining('Error code: 1064; SQLState: 42000') as string,
    });
    expect(await rows('SELECT count(*) AS n FROM tasks')).toEqual([[{ n: 0 }]]);
    await other.close();
  });

  it('should leave no transaction or setting to the next request', async () => {
    const single = createMySqlDataSource({ connectionString: server.connectionString, maxConnections: 1 });
    const runOne = (statement: string) => single.execute({ statements: [statement] }, call);
    await runOne('START TRANSACTION');
    await runOne("INSERT INTO tasks (title) VALUES ('a')");
    expect(await rows('SELECT count(*) AS n FROM tasks')).toEqual([[{ n: 1 }]]);
    await runOne("SET @mine = 'jdoe'");
    expect(rowsOf(await runOne('SELECT @mine AS mine'))).toEqual([[{}]]);
    await single.close();
  });

  it('should answer the first result of a block that has several', async () => {
    const statement = 'BEGIN NOT ATOMIC SELECT 1 AS a; SELECT 2 AS b, 3 AS c UNION SELECT 4, 5; END';
    expect(await rows(statement)).toEqual([[{ a: 1 }]]);
  });
});

describe('values', () => {
  const columns: readonly (readonly [type: string, literal: string, field: JsonObject])[] = [
    ['boolean', 'true', { booleanValue: true }],
    ['tinyint(1)', '0', { booleanValue: false }],
    ['bit(1)', "b'1'", { booleanValue: true }],
    ['bit(10)', "b'1000000001'", { longValue: 513 }],
    ['tinyint', '-7', { longValue: -7 }],
    ['smallint', '7', { longValue: 7 }],
    ['mediumint', '7', { longValue: 7 }],
    ['int unsigned', '4294967295', { longValue: 4294967295 }],
    ['bigint', '9007199254740991', { longValue: 9007199254740991 }],
    ['year', '2026', { longValue: 2026 }],
    ['float', '1.1', { doubleValue: 1.1 }],
    ['double', '1.1', { doubleValue: 1.1 }],
    ['decimal(22,2)', '12345678901234567890.10', { stringValue: '12345678901234567890.10' }],
    ['varchar(20)', "'größe'", { stringValue: 'größe' }],
    ['text', "'open'", { stringValue: 'open' }],
    ['char(3)', "'a'", { stringValue: 'a' }],
    ["enum('a','b')", "'b'", { stringValue: 'b' }],
    ['blob', "x'00ff'", { blobValue: 'AP8=' }],
    ['varbinary(4)', "x'00ff'", { blobValue: 'AP8=' }],
    ['date', "'2026-02-06'", { stringValue: '2026-02-06' }],
    ['time', "'19:01:35'", { stringValue: '19:01:35' }],
    ['datetime(3)', "'2026-02-06 19:01:35.749'", { stringValue: '2026-02-06 19:01:35.749' }],
    ['json', `'{"a": 1}'`, { stringValue: '{"a": 1}' }],
    ['int', 'NULL', { isNull: true }],
  ];

  it.each(columns)('should be named after their kind, bound or not: %s', async (type, literal, field) => {
    await run('DROP TABLE IF EXISTS kinds');
    await run(`CREATE TABLE kinds (value ${type})`);
    await run(`INSERT INTO kinds VALUES (${literal})`);
    expect(firstResultOf(await run('SELECT value FROM kinds')).records).toEqual([[field]]);
    expect(firstResultOf(await run('SELECT value FROM kinds WHERE :one = 1', { ':one': 1 })).records).toEqual([
      [field],
    ]);
  });

  it('should be bound as the hint says', async () => {
    const statement = 'SELECT CAST(:d AS decimal(22,1)) AS d, CAST(:t AS datetime) AS t, JSON_VALUE(:j, "$.a") AS j';
    const variables = { ':d': '12345678901234567890.5', ':t': '2026-02-06 19:01:35', ':j': { a: 1 } };
    expect(await rows(statement, variables, { ':d': 'DECIMAL', ':t': 'TIMESTAMP', ':j': 'JSON' })).toEqual([
      [{ d: '12345678901234567890.5', t: '2026-02-06 19:01:35', j: '1' }],
    ]);
  });
});

describe('columns', () => {
  it('should be described', async () => {
    await run('DROP TABLE IF EXISTS described');
    await run('CREATE TABLE described (id int unsigned AUTO_INCREMENT PRIMARY KEY, title varchar(20), done boolean)');
    const { columnMetadata } = firstResultOf(await run('SELECT id AS task, title, done FROM described'));
    expect(columnMetadata).toEqual([
      expect.objectContaining({
        label: 'task',
        name: 'id',
        typeName: 'INT UNSIGNED',
        type: 4,
        isSigned: false,
        isAutoIncrement: true,
        nullable: 0,
        tableName: 'described',
        schemaName: 'starling',
      }),
      expect.objectContaining({ label: 'title', typeName: 'VARCHAR', type: 12, nullable: 1, isCaseSensitive: true }),
      expect.objectContaining({ label: 'done', typeName: 'BIT', type: -7 }),
    ]);
  });
});

describe('a refusal', () => {
  it.each([
    ['SELECT * FROM nowhere', "Table 'starling.nowhere' doesn't exist; Error code: 1146; SQLState: 42S02"],
    ['SELECT * FROM nowhere WHERE :v = 1', "Table 'starling.nowhere' doesn't exist; Error code: 1146; SQLState: 42S02"],
    ["SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'", 'no; Error code: 1644; SQLState: 45000'],
  ])("should be told in the server's words: %s", async (statement, text) => {
    const error = await refusalOf(run(statement, { ':v': 1 }));
    expect(error).toMatchObject({ errorType: '400 Bad Request', message: rdsText(text) });
  });

  it('should be told when there is no such database', async () => {
    const connectionString = server.connectionString.replace(/starling$/, 'nowhere');
    const refused = createMySqlDataSource({ connectionString });
    expect(await refusalOf(refused.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '403 Forbidden',
      message: rdsText('The database refused the connection.'),
      cause: { errno: 1049 },
    });
    await refused.close();
  });
});

describe('a bound', () => {
  const bounded = (options: object) => createMySqlDataSource({ connectionString: server.connectionString, ...options });

  it('should end a result that is too large', async () => {
    const statements = ["SELECT repeat('x', 1000) AS x FROM seq_1_to_1000000"];
    expect(await refusalOf(source.execute({ statements }, call))).toMatchObject({
      errorType: '400 Bad Request',
      message: rdsText('Database returned more than the allowed response size limit'),
    });
    expect(await rows('SELECT 1 AS n')).toEqual([[{ n: 1 }]]);
  });

  it('should end a statement that takes too long', async () => {
    const impatient = bounded({ timeoutMs: 100 });
    expect(await refusalOf(impatient.execute({ statements: ['SELECT sleep(10)'] }, call))).toMatchObject({
      errorType: '400 Bad Request',
      message: rdsText('Statement timed out'),
    });
    await impatient.close();
  });

  it('should end a statement when its signal fires, and leave the next request a good connection', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const single = bounded({ maxConnections: 1 });
    const controller = new AbortController();
    const running = single.execute({ statements: ['SELECT sleep(10)'] }, { ...call, signal: controller.signal });
    const refusal = refusalOf(running);
    setTimeout(() => controller.abort(reason), 100);
    expect(await refusal).toBe(reason);
    expect(rowsOf(await single.execute({ statements: ['SELECT 1 AS n'] }, call))).toEqual([[{ n: 1 }]]);
    await single.close();
  });

  it('should hold for the connections', async () => {
    const few = bounded({ maxConnections: 2 });
    const statements = ['SELECT connection_id() AS id, sleep(0.02) AS slept'];
    const results = await Promise.all(Array.from({ length: 8 }, () => few.execute({ statements }, call)));
    expect(new Set(results.map((result) => (rowsOf(result) as [[{ id: number }]])[0][0].id)).size).toBe(2);
    await few.close();
  });
});

describe('a server that ends', () => {
  it('should end neither the process nor the data source', async () => {
    const other = await startMariaDb();
    const lost = createMySqlDataSource({ connectionString: other.connectionString });
    await lost.execute({ statements: ['SELECT 1'] }, call);
    const running = refusalOf(lost.execute({ statements: ['SELECT sleep(10)'] }, call));
    setTimeout(() => void other.stop(), 50);
    expect(await running).toMatchObject({ errorType: '504 Gateway Timeout' });
    expect(await refusalOf(lost.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '504 Gateway Timeout',
    });
    await other.stop();
    await lost.close();
  });
});
