import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { startPostgres } from '#libs/testing';
import type { SqlServer } from '#libs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createPostgresDataSource } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { firstResultOf, rowsOf } from './read-sql-result.js';
import { refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.createTask' };

let server: SqlServer;
let source: DataSource;
beforeAll(async () => {
  server = await startPostgres();
  source = createPostgresDataSource({ connectionString: server.connectionString });
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

describe('RELATIONAL_DATABASE on PostgreSQL', () => {
  describeDataSource('RELATIONAL_DATABASE', async () => {
    const document = { statements: ['SELECT :n AS n'], variableMap: { ':n': 7 } };
    const contractSource = createPostgresDataSource({ connectionString: server.connectionString });
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
    await run('CREATE TABLE tasks (id uuid PRIMARY KEY, title text, rank int, done bool, due timestamptz)');
  });

  const id = '6f3c1d2e-0f1a-4b7e-9d55-0c6b2a1f3e4d';
  const insert = 'INSERT INTO tasks (id, title, rank, done) VALUES (:id, :title, :rank, :done)';
  const task = { ':id': id, ':title': "Paint'; DROP TABLE tasks; --", ':rank': 3, ':done': false };

  const hints = { ':id': 'UUID' };

  it('should be bound: what is in a value is no SQL', async () => {
    expect(await rows([insert, 'SELECT title, rank, done FROM tasks WHERE id = :id'], task, hints)).toEqual([
      [{}],
      [{ title: "Paint'; DROP TABLE tasks; --", rank: 3, done: false }],
    ]);
  });

  it('should answer the count of changed rows and no records', async () => {
    await run(insert, task, hints);
    expect(JSON.parse((await run('UPDATE tasks SET rank = rank + :n', { ':n': 1 })) as string)).toEqual({
      sqlStatementResults: [{ numberOfRecordsUpdated: 1, generatedFields: [] }],
    });
  });

  it('should answer an empty list for a SELECT without a match', async () => {
    expect(await rows('SELECT * FROM tasks')).toEqual([[]]);
  });

  it('should answer what RETURNING returns', async () => {
    expect(await rows(`${insert} RETURNING id`, task, hints)).toEqual([[{ id }]]);
  });

  it('should keep two columns of one name apart', async () => {
    expect(firstResultOf(await run('SELECT 1 AS n, 2 AS n')).records).toEqual([[{ longValue: 1 }, { longValue: 2 }]]);
  });

  it('should both take effect, or neither', async () => {
    await refusalOf(run([insert, 'SELECT nothing'], task, hints));
    expect(await rows('SELECT count(*) FROM tasks')).toEqual([[{ count: 0 }]]);
    await run([insert, "UPDATE tasks SET title = 'Varnish' WHERE id = :id"], task, hints);
    expect(await rows('SELECT title FROM tasks')).toEqual([[{ title: 'Varnish' }]]);
  });

  it('should find a string to be text, as the Data API does', async () => {
    const text =
      'ERROR: column "id" is of type uuid but expression is of type character varying\n  Position: 51; SQLState: 42804';
    expect(await refusalOf(run(insert, task))).toMatchObject({ message: rdsText(text) });
    expect(await rows('SELECT :id::uuid AS id', task)).toEqual([[{ id }]]);
  });

  it('should not be joined to another in one text', async () => {
    const error = await refusalOf(run("SELECT 1; INSERT INTO tasks (id) VALUES ('" + id + "')"));
    expect(error).toMatchObject({
      errorType: '400 Bad Request',
      message: rdsText('ERROR: cannot insert multiple commands into a prepared statement; SQLState: 42601'),
    });
    expect(await rows('SELECT count(*) FROM tasks')).toEqual([[{ count: 0 }]]);
  });

  it('should leave no transaction, setting or lock to the next request', async () => {
    const single = createPostgresDataSource({ connectionString: server.connectionString, maxConnections: 1 });
    const runOne = (statement: string) => single.execute({ statements: [statement] }, call);
    await runOne('BEGIN');
    await runOne(`INSERT INTO tasks (id) VALUES ('${id}')`);
    expect(await rows('SELECT count(*) FROM tasks')).toEqual([[{ count: 1 }]]);
    await runOne('SET search_path = nowhere');
    expect(rowsOf(await runOne('SELECT count(*) FROM tasks'))).toEqual([[{ count: 1 }]]);
    await single.close();
  });
});

describe('values', () => {
  it.each<[string, JsonObject]>([
    ['true', { booleanValue: true }],
    ['7::int2', { longValue: 7 }],
    ['7', { longValue: 7 }],
    ['9007199254740991', { longValue: 9007199254740991 }],
    ['1.1::float4', { doubleValue: 1.1 }],
    ['1.5::float8', { doubleValue: 1.5 }],
    ["'NaN'::float8", { stringValue: 'NaN' }],
    ['12345678901234567890.10', { stringValue: '12345678901234567890.10' }],
    ["'open'", { stringValue: 'open' }],
    ["'a'::char(3)", { stringValue: 'a  ' }],
    ["decode('00ff', 'hex')", { blobValue: 'AP8=' }],
    ['\'{"a": 1}\'::jsonb', { stringValue: '{"a": 1}' }],
    ["date '2026-02-06'", { stringValue: '2026-02-06' }],
    ["time '19:01:35.5'", { stringValue: '19:01:35.5' }],
    ["timestamp '2026-02-06 19:01:35.749'", { stringValue: '2026-02-06 19:01:35.749' }],
    ["timestamptz '2026-02-06 19:01:35+02'", { stringValue: '2026-02-06 17:01:35' }],
    ["interval '1 day 2 hours'", { stringValue: '1 day 02:00:00' }],
    ["'6f3c1d2e-0f1a-4b7e-9d55-0c6b2a1f3e4d'::uuid", { stringValue: '6f3c1d2e-0f1a-4b7e-9d55-0c6b2a1f3e4d' }],
    ['NULL::int', { isNull: true }],
    ["ARRAY['a', NULL, 'b,\"c']", { arrayValue: { stringValues: ['a', null, 'b,"c'] } }],
    ['ARRAY[1, 2]', { arrayValue: { longValues: [1, 2] } }],
    ['ARRAY[true]', { arrayValue: { booleanValues: [true] } }],
    ['ARRAY[1.5::float8]', { arrayValue: { doubleValues: [1.5] } }],
    ["ARRAY[1.5, 'NaN']::float8[]", { arrayValue: { stringValues: ['1.5', 'NaN'] } }],
    ['ARRAY[[1, 2], [3, 4]]', { arrayValue: { arrayValues: [{ longValues: [1, 2] }, { longValues: [3, 4] }] } }],
    ["'{}'::int[]", { arrayValue: { longValues: [] } }],
    ["'b1'::mood", { stringValue: 'b1' }],
  ])('should be named after their kind: %s', async (expression, field) => {
    await run('DROP TYPE IF EXISTS mood');
    await run("CREATE TYPE mood AS ENUM ('b1')");
    expect(firstResultOf(await run(`SELECT ${expression} AS value`)).records).toEqual([[field]]);
  });

  it.each<[string, JsonValue, string, string]>([
    ['a whole number', 7, 'bigint', '7'],
    ['a fraction', 1.5, 'double precision', '1.5'],
    ['a boolean', true, 'boolean', 'true'],
    ['a string', 'x', 'character varying', 'x'],
    ['JSON', { a: [1] }, 'character varying', '{"a":[1]}'],
  ])('should be bound with their type: %s', async (_, value, type, text) => {
    const [[row]] = (await rows('SELECT pg_typeof(:v)::text AS type, (:v)::text AS text', { ':v': value })) as [
      [unknown],
    ];
    expect(row).toEqual({ type, text });
  });

  it.each<[string, string, string]>([
    ['UUID', '6f3c1d2e-0f1a-4b7e-9d55-0c6b2a1f3e4d', 'uuid'],
    ['DATE', '2026-02-06', 'date'],
    ['TIME', '19:01:35', 'time without time zone'],
    ['TIMESTAMP', '2026-02-06 19:01:35', 'timestamp without time zone'],
    ['DECIMAL', '12345678901234567890.5', 'numeric'],
    ['JSON', '{"a":1}', 'json'],
  ])('should be bound as the hint says: %s', async (hint, value, type) => {
    const result = await rows(
      'SELECT pg_typeof(:v)::text AS type, (:v)::text AS text',
      { ':v': value },
      { ':v': hint },
    );
    expect(result).toEqual([[{ type, text: value }]]);
  });
});

describe('columns', () => {
  it('should be described', async () => {
    const { columnMetadata } = firstResultOf(
      await run("SELECT 1 AS rank, 'a'::varchar AS title, '{a}'::text[] AS tags"),
    );
    expect(columnMetadata).toEqual([
      expect.objectContaining({ label: 'rank', name: 'rank', typeName: 'int4', type: 4, isSigned: true, nullable: 2 }),
      expect.objectContaining({ label: 'title', typeName: 'varchar', type: 12, isCaseSensitive: true }),
      expect.objectContaining({ label: 'tags', typeName: '_text', type: 2003, arrayBaseColumnType: 12 }),
    ]);
  });
});

describe('a refusal', () => {
  it.each([
    ['SELECT * FROM nowhere', 'ERROR: relation "nowhere" does not exist\n  Position: 15; SQLState: 42P01'],
    ["SELECT 'a'::int", 'ERROR: invalid input syntax for type integer: "a"\n  Position: 8; SQLState: 22P02'],
    ['SELECT 1 / 0', 'ERROR: division by zero; SQLState: 22012'],
    ['SELEC 1', 'ERROR: syntax error at or near "SELEC"\n  Position: 1; SQLState: 42601'],
  ])("should be told in PostgreSQL's words: %s", async (statement, text) => {
    expect(await refusalOf(run(statement))).toMatchObject({ errorType: '400 Bad Request', message: rdsText(text) });
  });

  it('should not quote the rows that are in the way', async () => {
    await run('CREATE TABLE IF NOT EXISTS members (email text PRIMARY KEY)');
    const statement = "INSERT INTO members VALUES ('jdoe@myemail.com')";
    const error = await refusalOf(run([statement, statement]));
    expect(error).toMatchObject({
      message: rdsText('ERROR: duplicate key value violates unique constraint "members_pkey"; SQLState: 23505'),
      cause: { detail: 'Key (email)=(jdoe@myemail.com) already exists.' },
    });
  });

  it.each([
    ['a wrong password', 'starling:secret', '28P01'],
    ['no such user', 'nobody:secret', '28P01'],
  ])('should name neither user nor password: %s', async (_, login, code) => {
    const connectionString = server.connectionString.replace('starling:starling', login);
    const refused = createPostgresDataSource({ connectionString });
    const error = await refusalOf(refused.execute({ statements: ['SELECT 1'] }, call));
    expect(error).toMatchObject({
      errorType: '403 Forbidden',
      message: rdsText('The database refused the connection.'),
      cause: { code },
    });
    await refused.close();
  });

  it('should be told when there is no such database', async () => {
    const connectionString = server.connectionString.replace(/\/postgres$/, '/nowhere');
    const refused = createPostgresDataSource({ connectionString });
    expect(await refusalOf(refused.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '403 Forbidden',
    });
    await refused.close();
  });
});

describe('a bound', () => {
  const bounded = (options: object) =>
    createPostgresDataSource({ connectionString: server.connectionString, ...options });

  it('should end a result that is too large', async () => {
    const statements = ["SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"];
    expect(await refusalOf(source.execute({ statements }, call))).toMatchObject({
      errorType: '400 Bad Request',
      message: rdsText('Database returned more than the allowed response size limit'),
    });
    expect(await rows('SELECT 1 AS n')).toEqual([[{ n: 1 }]]);
  });

  it('should end a statement that takes too long', async () => {
    const impatient = bounded({ timeoutMs: 100 });
    expect(await refusalOf(impatient.execute({ statements: ['SELECT pg_sleep(10)'] }, call))).toMatchObject({
      errorType: '400 Bad Request',
      message: rdsText('Statement timed out'),
    });
    await impatient.close();
  });

  it('should end the wait for a connection', async () => {
    const single = bounded({ maxConnections: 1, timeoutMs: 300 });
    const slow = single.execute({ statements: ['SELECT pg_sleep(0.25)'] }, call);
    const waiting = Promise.all([1, 2, 3].map(() => single.execute({ statements: ['SELECT pg_sleep(0.2)'] }, call)));
    await slow;
    expect(await refusalOf(waiting)).toBeInstanceOf(FieldError);
    await single.close();
  });

  it('should end a statement when its signal fires, and leave the next request a good connection', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const single = bounded({ maxConnections: 1 });
    const controller = new AbortController();
    const running = single.execute({ statements: ['SELECT pg_sleep(10)'] }, { ...call, signal: controller.signal });
    const refusal = refusalOf(running);
    setTimeout(() => controller.abort(reason), 100);
    expect(await refusal).toBe(reason);
    expect(rowsOf(await single.execute({ statements: ['SELECT 1 AS n'] }, call))).toEqual([[{ n: 1 }]]);
    await single.close();
  });

  it('should hold for the connections', async () => {
    const few = bounded({ maxConnections: 2 });
    const statements = ['SELECT pg_backend_pid() AS pid, pg_sleep(0.02)'];
    const results = await Promise.all(Array.from({ length: 8 }, () => few.execute({ statements }, call)));
    const pids = results.map((result) => (rowsOf(result) as [[{ pid: number }]])[0][0].pid);
    expect(new Set(pids).size).toBe(2);
    await few.close();
  });
});

describe('a server that ends', () => {
  it('should end neither the process nor the data source', async () => {
    const other = await startPostgres();
    const lost = createPostgresDataSource({ connectionString: other.connectionString });
    await lost.execute({ statements: ['SELECT 1'] }, call);
    const running = refusalOf(lost.execute({ statements: ['SELECT pg_sleep(10)'] }, call));
    setTimeout(() => void other.stop(), 50);
    expect(await running).toMatchObject({ errorType: expect.stringMatching(/^50[34] /) as string });
    expect(await refusalOf(lost.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '504 Gateway Timeout',
    });
    await other.stop();
    await lost.close();
  });
});
