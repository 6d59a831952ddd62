import type { JsonObject, JsonValue } from '#libs/protocol';
import { startDynamoDbLocal } from '#libs/testing';
import type { DynamoDb } from '#libs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DataSource } from '#libs/data-sources';
import { credentials, nextTokenSecret, refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.moveTask' };

/**
 * dynalite has no transactions: this suite runs on DynamoDB Local, which wants Java and Maven. What is sent, and what is made
 * of the answers, is held by dynamodb-transaction-documents.spec.ts in any case.
 */
describe('transactions on DynamoDB Local', () => {
  let dynamoDb: DynamoDb | { readonly missing: string };
  let source: DataSource;

  beforeAll(async () => {
    dynamoDb = await startDynamoDbLocal();
    if ('missing' in dynamoDb) return console.warn(`Transactions are not tried out: ${dynamoDb.missing}.`);
    await dynamoDb.createTable({ tableName: 'Tasks', partitionKey: 'id' });
    await dynamoDb.createTable({ tableName: 'Boards', partitionKey: 'id' });
    const client = { region: 'local', endpoint: dynamoDb.endpoint, credentials };
    source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
  }, 180_000);

  afterAll(async () => {
    if (dynamoDb === undefined || 'missing' in dynamoDb) return;
    await source.close();
    await dynamoDb.stop();
  });

  const run = (document: JsonObject): Promise<JsonValue> => source.execute(document, call);
  const key = (id: string) => ({ id: { S: id } });
  const tasksAndBoard = [
    { table: 'Boards', key: key('b1') },
    { table: 'Tasks', key: key('t1') },
    { table: 'Tasks', key: key('t2') },
  ];
  const stored = async () => (await run({ operation: 'TransactGetItems', transactItems: tasksAndBoard })) as JsonObject;

  beforeEach(async ({ skip }) => {
    if ('missing' in dynamoDb) return skip(dynamoDb.missing);
    await run({
      operation: 'BatchPutItem',
      tables: { Boards: [{ ...key('b1'), tasks: { N: 1 } }], Tasks: [{ ...key('t1'), title: { S: 'Paint' } }] },
    });
    await run({ operation: 'DeleteItem', key: key('t2') });
  });

  const addTask = (expectedTasks: number): JsonObject => ({
    operation: 'TransactWriteItems',
    transactItems: [
      {
        table: 'Boards',
        operation: 'UpdateItem',
        key: key('b1'),
        update: { expression: 'SET tasks = tasks + :one', expressionValues: { ':one': { N: 1 } } },
        condition: { expression: 'tasks = :n', expressionValues: { ':n': { N: expectedTasks } } },
      },
      { table: 'Tasks', operation: 'PutItem', key: key('t2'), attributeValues: { title: { S: 'Varnish' } } },
      {
        table: 'Tasks',
        operation: 'ConditionCheck',
        key: key('t1'),
        condition: { expression: 'attribute_exists(id)' },
      },
    ],
  });

  it('should write all of it and answer the keys', async () => {
    expect(await run(addTask(1))).toEqual({
      keys: [{ id: 'b1' }, { id: 't2' }, { id: 't1' }],
      cancellationReasons: null,
    });
    expect(await stored()).toEqual({
      items: [
        { id: 'b1', tasks: 2 },
        { id: 't1', title: 'Paint' },
        { id: 't2', title: 'Varnish' },
      ],
      cancellationReasons: null,
    });
  });

  it('should write nothing when a condition fails, and say which, with the item that is stored', async () => {
    expect(await refusalOf(run(addTask(5)))).toMatchObject({
      errorType: 'DynamoDB:TransactionCanceledException',
      message: expect.stringContaining('[ConditionalCheckFailed, None, None] (Service: AmazonDynamoDBv2;') as string,
      data: {
        keys: null,
        cancellationReasons: [
          { type: 'ConditionalCheckFailed', message: 'The conditional request failed', item: { id: 'b1', tasks: 1 } },
          { type: 'None', message: null, item: null },
          { type: 'None', message: null, item: null },
        ],
      },
    });
    expect(await stored()).toMatchObject({ items: [{ id: 'b1', tasks: 1 }, { id: 't1' }, null] });
  });

  it('should keep the stored item to itself when it is told to', async () => {
    const condition = { expression: 'attribute_not_exists(id)', returnValuesOnConditionCheckFailure: false };
    const transactItems = [{ table: 'Tasks', operation: 'PutItem', key: key('t1'), condition }];
    expect(await refusalOf(run({ operation: 'TransactWriteItems', transactItems }))).toMatchObject({
      data: { cancellationReasons: [{ type: 'ConditionalCheckFailed', item: null }] },
    });
  });

  it('should answer the projected attributes', async () => {
    const transactItems = [{ table: 'Boards', key: key('b1'), projection: { expression: 'tasks' } }];
    expect(await run({ operation: 'TransactGetItems', transactItems })).toMatchObject({ items: [{ tasks: 1 }] });
  });

  it("should be refused in DynamoDB's words when two writes have the same key", async () => {
    const write = { table: 'Tasks', operation: 'DeleteItem', key: key('t1') };
    expect(await refusalOf(run({ operation: 'TransactWriteItems', transactItems: [write, write] }))).toMatchObject({
      errorType: 'DynamoDB:DynamoDbException',
      message: expect.stringContaining('Transaction request cannot include multiple operations on one item') as string,
    });
  });
});
