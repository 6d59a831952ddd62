import type { JsonObject, JsonValue } from '#libs/protocol';
import { FieldError } from '#libs/protocol';
import { afterEach, describe, expect, it } from 'vitest';

import { createRdsDataApiDataSource } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { rowsOf } from './read-sql-result.js';
import { startHttpServer } from './start-http-server.js';
import type { TestHttpServer } from './start-http-server.js';
import { credentials, refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.createTask' };
const cluster = 'arn:aws:rds:eu-central-1:123456789012:cluster:boards';
const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:boards-AbCdEf';
const target = { resourceArn: cluster, secretArn: secret, database: 'boards' };
const selected: JsonObject = {
  numberOfRecordsUpdated: 0,
  records: [[{ stringValue: 'Paint' }, { longValue: 3 }, { isNull: true }]],
  columnMetadata: [
    { label: 'title', name: 'title', typeName: 'text', type: 12, nullable: 1 },
    { label: 'rank', name: 'rank', typeName: 'int4', type: 4, nullable: 0, isSigned: true },
    { label: 'due', name: 'due', typeName: 'date', type: 91 },
  ],
};

/** What a played Data API answers to a request: a status and a body, or nothing at all. */
type Answered = { readonly status?: number; readonly body: JsonObject } | undefined;
type Answer = (path: string, body: JsonObject) => Answered;

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.stop();
});

async function startDataApi(answer: Answer): Promise<{ readonly source: DataSource; readonly server: TestHttpServer }> {
  const server = await startHttpServer((response, request) => {
    const answered = answer(request.url, JSON.parse(request.body) as JsonObject);
    if (answered === undefined) return;
    const type = answered.body['__type'];
    response.writeHead(answered.status ?? 200, {
      'content-type': 'application/json',
      ...(typeof type === 'string' && { 'x-amzn-errortype': type }),
    });
    response.end(JSON.stringify(answered.body));
  });
  const source = createRdsDataApiDataSource({
    dbClusterIdentifier: cluster,
    awsSecretStoreArn: secret,
    databaseName: 'boards',
    client: { region: 'eu-central-1', endpoint: server.url, credentials },
  });
  open.push({ stop: () => source.close() }, server);
  return { source, server };
}

const sent = ({ requests }: TestHttpServer) =>
  requests.map(({ url, body }) => [url, JSON.parse(body) as JsonObject] as const);

const withTransactions =
  (execute: Answer): Answer =>
  (path, body): Answered => {
    if (path === '/BeginTransaction') return { body: { transactionId: 'tx1' } };
    if (path === '/CommitTransaction') return { body: { transactionStatus: 'Transaction Committed' } };
    if (path === '/RollbackTransaction') return { body: { transactionStatus: 'Rollback Complete' } };
    return execute(path, body);
  };

describeDataSource('RELATIONAL_DATABASE', async () => {
  const { source, server } = await startDataApi(() => ({ body: selected }));
  open.length = 0;
  const document = { statements: ['SELECT title, rank, due FROM tasks'] };
  return {
    source,
    document,
    result: await source.execute(document, call),
    refused: { statements: [] },
    async stop() {
      await source.close();
      await server.stop();
    },
  };
});

describe('one statement', () => {
  it('should be sent with the parameters that it names', async () => {
    const { source, server } = await startDataApi(() => ({ body: selected }));
    await source.execute(
      {
        statements: [
          "SELECT * FROM tasks WHERE id = :id AND rank > :rank AND done = :done AND due = :due AND w < :w AND ':no'",
        ],
        variableMap: { ':id': 't1', ':rank': 3, ':done': true, ':due': null, ':w': 1.5, ':no': 'x', ':other': 'y' },
        variableTypeHintMap: { ':id': 'UUID', ':due': 'DATE' },
      },
      call,
    );
    expect(sent(server)).toEqual([
      [
        '/Execute',
        {
          ...target,
          sql: expect.stringContaining('SELECT * FROM tasks') as string,
          includeResultMetadata: true,
          parameters: [
            { name: 'id', value: { stringValue: 't1' }, typeHint: 'UUID' },
            { name: 'rank', value: { longValue: 3 } },
            { name: 'done', value: { booleanValue: true } },
            { name: 'due', value: { isNull: true } },
            { name: 'w', value: { doubleValue: 1.5 } },
          ],
        },
      ],
    ]);
  });

  it('should answer what util.rds.toJsonObject reads', async () => {
    const { source } = await startDataApi(() => ({ body: selected }));
    expect(rowsOf(await source.execute({ statements: ['SELECT'] }, call))).toEqual([[{ title: 'Paint', rank: 3 }]]);
  });

  it.each<[string, JsonObject, JsonValue]>([
    ['changes', { numberOfRecordsUpdated: 2 }, { numberOfRecordsUpdated: 2, generatedFields: [] }],
    [
      'generated ids',
      { numberOfRecordsUpdated: 1, generatedFields: [{ longValue: 7 }] },
      { numberOfRecordsUpdated: 1, generatedFields: [{ longValue: 7 }] },
    ],
    [
      'bytes, arrays and numbers without a notation',
      {
        numberOfRecordsUpdated: 0,
        records: [
          [
            { blobValue: 'AP8=' },
            { booleanValue: false },
            { doubleValue: 'NaN' },
            { arrayValue: { arrayValues: [{ longValues: [1] }, { stringValues: ['a'] }] } },
          ],
        ],
      },
      {
        numberOfRecordsUpdated: 0,
        records: [
          [
            { blobValue: 'AP8=' },
            { booleanValue: false },
            { stringValue: 'NaN' },
            { arrayValue: { arrayValues: [{ longValues: [1] }, { stringValues: ['a'] }] } },
          ],
        ],
        columnMetadata: [],
      },
    ],
  ])('should answer %s', async (_, body, result) => {
    const { source } = await startDataApi(() => ({ body }));
    expect(JSON.parse((await source.execute({ statements: ['UPDATE'] }, call)) as string)).toEqual({
      sqlStatementResults: [result],
    });
  });
});

describe('two statements', () => {
  const document = { statements: ['INSERT :id', 'SELECT :id, :other'], variableMap: { ':id': 1, ':other': 2 } };
  const id = { name: 'id', value: { longValue: 1 } };

  it('should be one transaction', async () => {
    const { source, server } = await startDataApi(withTransactions(() => ({ body: selected })));
    expect(rowsOf(await source.execute(document, call))).toHaveLength(2);
    const [begin, first, second, commit] = sent(server);
    expect(begin).toEqual(['/BeginTransaction', target]);
    expect(first).toEqual(['/Execute', expect.objectContaining({ transactionId: 'tx1', parameters: [id] })]);
    expect(second).toEqual([
      '/Execute',
      expect.objectContaining({ parameters: [id, { name: 'other', value: { longValue: 2 } }] }),
    ]);
    expect(commit).toEqual(['/CommitTransaction', { resourceArn: cluster, secretArn: secret, transactionId: 'tx1' }]);
    expect(server.requests).toHaveLength(4);
  });

  it('should be undone when the second fails', async () => {
    const refused = { status: 400, body: { __type: 'BadRequestException', message: 'ERROR: no' } };
    const answer: Answer = (_, body) => (body['sql'] === 'INSERT :id' ? { body: selected } : refused);
    const { source, server } = await startDataApi(withTransactions(answer));
    expect(await refusalOf(source.execute(document, call))).toMatchObject({
      message: 'RDSHttp:{"message":"ERROR: no"}',
    });
    expect(sent(server).map(([path]) => path)).toEqual([
      '/BeginTransaction',
      '/Execute',
      '/Execute',
      '/RollbackTransaction',
    ]);
  });
});

describe('a refusal', () => {
  const text = 'ERROR: relation "nowhere" does not exist\n  Position: 15; SQLState: 42P01';

  it.each([
    ['BadRequestException', 400, text, text, '400 Bad Request'],
    ['DatabaseErrorException', 400, text, text, '400 Bad Request'],
    ['BadRequestException', 400, `Failed to parse secret ${secret}`, 'The request failed.', '400 Bad Request'],
    ['ForbiddenException', 403, `User arn:aws:iam::123456789012:role/api`, 'The request failed.', '403 Forbidden'],
    ['NotFoundException', 404, 'Cluster on host-7', 'The request failed.', '404 Not Found'],
    ['InternalServerErrorException', 500, 'host-7', 'The request failed.', '500 Internal Server Error'],
  ])('should be told by status and text: %s', async (type, status, message, shown, errorType) => {
    const { source, server } = await startDataApi(() => ({ status, body: { __type: type, message } }));
    const error = await refusalOf(source.execute({ statements: ['SELECT * FROM nowhere'] }, call));
    expect(error).toMatchObject({
      errorType,
      message: `RDSHttp:${JSON.stringify({ message: shown })}`,
      cause: { name: type },
    });
    // A statement that is sent twice may take effect twice.
    expect(server.requests).toHaveLength(1);
  });

  it('should be told when nobody answers', async () => {
    const { source, server } = await startDataApi(() => undefined);
    await server.stop();
    open.pop();
    expect(await refusalOf(source.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '504 Gateway Timeout',
      message: 'RDSHttp:{"message":"The database could not be reached."}',
    });
  });

  it('should be told when the answer is half an answer', async () => {
    const server = await startHttpServer((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"records":');
      response.socket?.end();
    });
    open.push(server);
    const client = { region: 'eu-central-1', endpoint: server.url, credentials };
    const source = createRdsDataApiDataSource({ dbClusterIdentifier: cluster, awsSecretStoreArn: secret, client });
    expect(await refusalOf(source.execute({ statements: ['SELECT 1'] }, call))).toMatchObject({
      errorType: '504 Gateway Timeout',
    });
  });
});

describe('time', () => {
  it('should be limited', async () => {
    const server = await startHttpServer(() => undefined);
    open.push(server);
    const client = { region: 'eu-central-1', endpoint: server.url, credentials };
    const options = { dbClusterIdentifier: cluster, awsSecretStoreArn: secret, client, timeoutMs: 50 };
    expect(
      await refusalOf(createRdsDataApiDataSource(options).execute({ statements: ['SELECT 1'] }, call)),
    ).toMatchObject({
      errorType: '400 Bad Request',
      message: 'RDSHttp:{"message":"Statement timed out"}',
    });
  });

  it('should undo what a call that is over had begun', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    let rolledBack: (() => void) | undefined;
    const rollback = new Promise<void>((resolve) => (rolledBack = resolve));
    const { source } = await startDataApi((path, body) => {
      if (path === '/RollbackTransaction') rolledBack?.();
      return withTransactions(() => void controller.abort(reason))(path, body);
    });
    const document = { statements: ['INSERT', 'SELECT'] };
    await expect(source.execute(document, { ...call, signal: controller.signal })).rejects.toBe(reason);
    await rollback;
  });
});
