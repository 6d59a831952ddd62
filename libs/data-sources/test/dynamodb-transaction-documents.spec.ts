import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { JsonObject } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DynamoDBClientLike } from '#libs/data-sources';
import { nextTokenSecret, refusalOf } from './start-task-table.js';

const call = { resolver: 'Mutation.moveTask' };
const key = { id: { S: 't1' } };

/** A data source on a client that keeps what it was sent and answers as told. */
function sourceOn(answer: () => Promise<unknown>) {
  const sent: unknown[] = [];
  const client = {
    send(command: { input: unknown }) {
      sent.push(command.input);
      return answer();
    },
  } as unknown as DynamoDBClientLike;
  return { sent, source: createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret }) };
}

describe('TransactWriteItems', () => {
  it('should send each kind of write as DynamoDB takes it', async () => {
    const condition = {
      expression: '#v = :v',
      expressionNames: { '#v': 'version' },
      expressionValues: { ':v': { N: 1 } },
    };
    const update = { expression: 'SET title = :t', expressionValues: { ':t': { S: 'Paint' } } };
    const checked = {
      ConditionExpression: '#v = :v',
      ExpressionAttributeNames: { '#v': 'version' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    const { sent, source } = sourceOn(async () => ({}));

    const result = await source.execute(
      {
        operation: 'TransactWriteItems',
        transactItems: [
          { table: 'Tasks', operation: 'PutItem', key, attributeValues: { id: { S: 'x' }, title: { S: 'a' } } },
          { table: 'Tasks', operation: 'UpdateItem', key: { id: { S: 't2' } }, update, condition },
          {
            table: 'Boards',
            operation: 'DeleteItem',
            key: { id: { S: 'b1' }, rank: { N: 2 } },
            condition: { ...condition, returnValuesOnConditionCheckFailure: false },
          },
          { table: 'Boards', operation: 'ConditionCheck', key: { id: { S: 'b2' } }, condition },
        ],
      },
      call,
    );

    expect(result).toEqual({
      keys: [{ id: 't1' }, { id: 't2' }, { id: 'b1', rank: 2 }, { id: 'b2' }],
      cancellationReasons: null,
    });
    const withoutItem = { ...checked, ReturnValuesOnConditionCheckFailure: undefined };
    expect(sent).toEqual([
      {
        TransactItems: [
          { Put: { TableName: 'Tasks', Item: { id: { S: 't1' }, title: { S: 'a' } } } },
          {
            Update: {
              TableName: 'Tasks',
              Key: { id: { S: 't2' } },
              UpdateExpression: 'SET title = :t',
              ...checked,
              ExpressionAttributeValues: { ':t': { S: 'Paint' }, ':v': { N: '1' } },
            },
          },
          { Delete: { TableName: 'Boards', Key: { id: { S: 'b1' }, rank: { N: '2' } }, ...withoutItem } },
          { ConditionCheck: { TableName: 'Boards', Key: { id: { S: 'b2' } }, ...checked } },
        ],
      },
    ]);
  });

  it('should give the reasons, in the order of the document, when it is cancelled', async () => {
    const cancelled = new TransactionCanceledException({
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      $metadata: { httpStatusCode: 400, requestId: 'r1' },
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { id: { S: 't2' }, n: { N: '7' } },
        },
      ],
    });
    const { source } = sourceOn(() => Promise.reject(cancelled));
    const transactItems: JsonObject[] = [
      { table: 'Tasks', operation: 'DeleteItem', key },
      { table: 'Tasks', operation: 'DeleteItem', key: { id: { S: 't2' } }, condition: { expression: 'n = n' } },
    ];
    expect(await refusalOf(source.execute({ operation: 'TransactWriteItems', transactItems }, call))).toMatchObject({
      errorType: 'DynamoDB:TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed] ' +
        '(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: TransactionCanceledException; Request ID: r1)',
      data: {
        keys: null,
        cancellationReasons: [
          { type: 'None', message: null, item: null },
          { type: 'ConditionalCheckFailed', message: 'The conditional request failed', item: { id: 't2', n: 7 } },
        ],
      },
    });
  });
});

describe('TransactGetItems', () => {
  it('should answer the items in the order of the document, null for none', async () => {
    const { sent, source } = sourceOn(async () => ({ Responses: [{}, { Item: { title: { S: 'Boat' } } }] }));
    const projection = { expression: '#n', expressionNames: { '#n': 'title' } };
    const transactItems: JsonObject[] = [
      { table: 'Tasks', key },
      { table: 'Boards', key: { id: { S: 'b1' } }, projection },
    ];
    expect(await source.execute({ operation: 'TransactGetItems', transactItems }, call)).toEqual({
      items: [null, { title: 'Boat' }],
      cancellationReasons: null,
    });
    expect(sent).toEqual([
      {
        TransactItems: [
          { Get: { TableName: 'Tasks', Key: key } },
          {
            Get: {
              TableName: 'Boards',
              Key: { id: { S: 'b1' } },
              ProjectionExpression: '#n',
              ExpressionAttributeNames: { '#n': 'title' },
            },
          },
        ],
      },
    ]);
  });
});

describe('a faulty transaction', () => {
  const write = { table: 'Tasks', operation: 'PutItem', key };
  const get = { table: 'Tasks', key };

  it.each<[string, readonly JsonObject[] | undefined, string]>([
    ['TransactWriteItems', undefined, "Value for field '$[transactItems]' not found."],
    ['TransactWriteItems', [], "Expected a list of 1 to 100 elements for field '$[transactItems]', but got 0."],
    [
      'TransactGetItems',
      Array<JsonObject>(101).fill(get),
      "Expected a list of 1 to 100 elements for field '$[transactItems]', but got 101.",
    ],
    ['TransactWriteItems', [{ operation: 'PutItem', key }], "Value for field '$[transactItems][0][table]' not found."],
    [
      'TransactWriteItems',
      [write, { table: 'Tasks', key }],
      "Value for field '$[transactItems][1][operation]' not found.",
    ],
    [
      'TransactWriteItems',
      [{ ...write, operation: 'GetItem' }],
      "Unsupported operation 'GetItem' for field '$[transactItems][0][operation]'. Available are PutItem, UpdateItem, DeleteItem, ConditionCheck.",
    ],
    [
      'TransactWriteItems',
      [{ ...write, operation: 'UpdateItem' }],
      "Value for field '$[transactItems][0][update]' not found.",
    ],
    [
      'TransactWriteItems',
      [{ ...write, operation: 'ConditionCheck' }],
      "Value for field '$[transactItems][0][condition]' not found.",
    ],
    ['TransactWriteItems', [{ ...write, update: {} }], "Unsupported element '$[transactItems][0][update]'."],
    [
      'TransactWriteItems',
      [{ ...write, condition: { expression: 'a = b', equalsIgnore: ['a'] } }],
      "Unsupported element '$[transactItems][0][condition][equalsIgnore]'.",
    ],
    ['TransactGetItems', [{ ...get, condition: {} }], "Unsupported element '$[transactItems][0][condition]'."],
    [
      'TransactGetItems',
      [{ table: 'Tasks', key: { id: 't1' } }],
      'Expected an object with exactly one of S, N, B, BOOL, NULL, SS, NS, BS, L, M for field \'$[transactItems][0][key][id]\', but got the string "t1".',
    ],
  ])('should be refused before anything is sent: %s %j', async (operation, transactItems, message) => {
    const { sent, source } = sourceOn(async () => ({}));
    const document: JsonObject = { operation, ...(transactItems && { transactItems }) };
    expect(await refusalOf(source.execute(document, call))).toMatchObject({ errorType: 'MappingTemplate', message });
    expect(sent).toEqual([]);
  });
});
