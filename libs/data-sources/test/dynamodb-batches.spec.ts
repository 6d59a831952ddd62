import type { BatchGetItemCommandInput, BatchGetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { startDynamoDb } from '#libs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DataSource, DynamoDBClientLike } from '#libs/data-sources';
import { credentials, nextTokenSecret, refusalOf } from './start-task-table.js';

const call = { resolver: 'Query.boardTasks' };

let source: DataSource;
let stop: () => Promise<void>;
beforeAll(async () => {
  const dynamoDb = await startDynamoDb();
  await dynamoDb.createTable({
    tableName: 'Tasks',
    partitionKey: 'boardId',
    sortKey: 'rank',
    numberAttributes: ['rank'],
  });
  await dynamoDb.createTable({ tableName: 'Boards', partitionKey: 'id' });
  const client = { region: 'local', endpoint: dynamoDb.endpoint, credentials };
  source = createDynamoDbDataSource({ tableName: 'Boards', client, nextTokenSecret });
  stop = async () => {
    await source.close();
    await dynamoDb.stop();
  };
});
afterAll(() => stop());

const run = (document: JsonObject): Promise<JsonValue> => source.execute(document, call);
const task = (rank: number, title: string) => ({ boardId: { S: 'b1' }, rank: { N: rank }, title: { S: title } });
const taskKey = (rank: number | string) => ({ boardId: { S: 'b1' }, rank: { N: rank } });

beforeEach(async () => {
  await run({
    operation: 'BatchPutItem',
    tables: { Tasks: [task(1, 'Paint'), task(2, 'Varnish')], Boards: [{ id: { S: 'b1' }, name: { S: 'Boat' } }] },
  });
});

describe('BatchGetItem', () => {
  it('should answer the items in the order of the keys, null for each that is not there', async () => {
    const tables = {
      Tasks: { keys: [taskKey(2), taskKey(9), taskKey('1.0')] },
      Boards: { keys: [{ id: { S: 'b1' } }], consistentRead: true },
    };
    expect(await run({ version: '2018-05-29', operation: 'BatchGetItem', tables })).toEqual({
      data: {
        Tasks: [{ boardId: 'b1', rank: 2, title: 'Varnish' }, null, { boardId: 'b1', rank: 1, title: 'Paint' }],
        Boards: [{ id: 'b1', name: 'Boat' }],
      },
      unprocessedKeys: { Tasks: [], Boards: [] },
    });
  });

  it('should take the keys as a list', async () => {
    expect(await run({ operation: 'BatchGetItem', tables: { Boards: [{ id: { S: 'b1' } }] } })).toEqual({
      data: { Boards: [{ id: 'b1', name: 'Boat' }] },
      unprocessedKeys: { Boards: [] },
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['without the key', { expression: 'title' }, { title: 'Paint' }],
    [
      'with part of the key',
      { expression: '#r, title', expressionNames: { '#r': 'rank' } },
      { rank: 1, title: 'Paint' },
    ],
    ['with the key', { expression: 'boardId,#r', expressionNames: { '#r': 'rank' } }, { boardId: 'b1', rank: 1 }],
  ])('should answer the projected attributes: %s', async (_, projection, item) => {
    const tables = { Tasks: { keys: [taskKey(1)], projection } };
    expect(await run({ operation: 'BatchGetItem', tables })).toMatchObject({ data: { Tasks: [item] } });
  });

  it('should leave what was not processed to the resolver', async () => {
    const keys = [taskKey(1), taskKey(2)];
    const answered = { boardId: { S: 'b1' }, rank: { N: '2' } };
    const client = {
      send: async ({ input }: { input: BatchGetItemCommandInput }): Promise<Partial<BatchGetItemCommandOutput>> => ({
        Responses: { Tasks: [answered] },
        UnprocessedKeys: { Tasks: { Keys: input.RequestItems?.['Tasks']?.Keys?.slice(0, 1) } },
      }),
    } as unknown as DynamoDBClientLike;
    const busy = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });
    expect(await busy.execute({ operation: 'BatchGetItem', tables: { Tasks: { keys } } }, call)).toEqual({
      data: { Tasks: [null, { boardId: 'b1', rank: 2 }] },
      unprocessedKeys: { Tasks: [{ boardId: 'b1', rank: 1 }] },
    });
  });
});

describe('BatchPutItem', () => {
  it('should answer the items as written', async () => {
    const tables = { Tasks: [task(3, 'Sell')], Boards: [{ id: { S: 'b2' }, tags: { SS: ['a', 'b'] } }] };
    expect(await run({ operation: 'BatchPutItem', tables })).toEqual({
      data: { Tasks: [{ boardId: 'b1', rank: 3, title: 'Sell' }], Boards: [{ id: 'b2', tags: ['a', 'b'] }] },
      unprocessedItems: { Tasks: [], Boards: [] },
    });
    expect(await run({ operation: 'GetItem', key: { id: { S: 'b2' } } })).toEqual({ id: 'b2', tags: ['a', 'b'] });
  });

  it('should leave what was not processed to the resolver', async () => {
    const left = { PutRequest: { Item: { id: { S: 'b1' } } } };
    const client = { send: async () => ({ UnprocessedItems: { Boards: [left] } }) } as unknown as DynamoDBClientLike;
    const busy = createDynamoDbDataSource({ tableName: 'Boards', client, nextTokenSecret });
    const tables = { Boards: [{ id: { S: 'b1' } }, { id: { S: 'b2' } }] };
    expect(await busy.execute({ operation: 'BatchPutItem', tables }, call)).toEqual({
      data: { Boards: [null, { id: 'b2' }] },
      unprocessedItems: { Boards: [{ id: 'b1' }] },
    });
  });
});

describe('BatchDeleteItem', () => {
  it('should answer the keys, also of items that were not there', async () => {
    const tables = { Tasks: [taskKey(1), taskKey(7)], Boards: [{ id: { S: 'b1' } }] };
    expect(await run({ operation: 'BatchDeleteItem', tables })).toEqual({
      data: {
        Tasks: [
          { boardId: 'b1', rank: 1 },
          { boardId: 'b1', rank: 7 },
        ],
        Boards: [{ id: 'b1' }],
      },
      unprocessedKeys: { Tasks: [], Boards: [] },
    });
    expect(await run({ operation: 'GetItem', key: { id: { S: 'b1' } } })).toBeNull();
  });
});

describe('a refused batch', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'BatchGetItem',
      { Boards: [{ id: { S: 'b1' } }], Missing: { keys: [{ id: { S: 'm1' } }] } },
      {
        data: { Boards: [null], Missing: [null] },
        unprocessedKeys: { Boards: [{ id: 'b1' }], Missing: [{ id: 'm1' }] },
      },
    ],
    [
      'BatchPutItem',
      { Missing: [{ id: { S: 'm1' }, name: { S: 'a' } }] },
      { data: { Missing: [null] }, unprocessedItems: { Missing: [{ id: 'm1', name: 'a' }] } },
    ],
    [
      'BatchDeleteItem',
      { Missing: [{ id: { S: 'm1' } }] },
      { data: { Missing: [null] }, unprocessedKeys: { Missing: [{ id: 'm1' }] } },
    ],
  ])('should come with all of it unprocessed: %s', async (operation, tables, data) => {
    const error = await refusalOf(run({ operation, tables }));
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({ errorType: 'DynamoDB:ResourceNotFoundException', data });
  });

  it('should be told in the words of DynamoDB when a key is in it twice', async () => {
    const tables = { Boards: [{ id: { S: 'b1' } }, { id: { S: 'b1' } }] };
    expect(await refusalOf(run({ operation: 'BatchGetItem', tables }))).toMatchObject({
      errorType: 'DynamoDB:DynamoDbException',
      message: expect.stringMatching(/^Provided list of item keys contains duplicates \(/) as string,
    });
  });

  it('should leave a cancellation as it is', async () => {
    const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
    const controller = new AbortController();
    const client = {
      send: () => {
        controller.abort(reason);
        return Promise.reject(new Error('aborted'));
      },
    } as unknown as DynamoDBClientLike;
    const slow = createDynamoDbDataSource({ tableName: 'Boards', client, nextTokenSecret });
    const document = { operation: 'BatchGetItem', tables: { Boards: [{ id: { S: 'b1' } }] } };
    await expect(slow.execute(document, { ...call, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('the size of a batch', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ id: { S: `b${index}` } }));

  it.each<[string, number, number]>([
    ['BatchGetItem', 100, 101],
    ['BatchPutItem', 25, 26],
    ['BatchDeleteItem', 25, 0],
  ])('should be bounded over all tables: %s', async (operation, maximum, size) => {
    const tables = { Boards: keys(Math.floor(size / 2)), Tasks: keys(Math.ceil(size / 2)) };
    expect(await refusalOf(run({ operation, tables }))).toMatchObject({
      errorType: 'MappingTemplate',
      message: `A batch has 1 to ${maximum} items, all tables together, but this one has ${size}.`,
    });
  });

  it('should be allowed to be all that DynamoDB takes', async () => {
    const result = await run({ operation: 'BatchGetItem', tables: { Boards: keys(100) } });
    expect((result as { data: { Boards: unknown[] } }).data.Boards).toHaveLength(100);
  });
});
