import type { JsonObject } from '#libs/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDynamoDbClient, createDynamoDbDataSource } from '#libs/data-sources';
import type { DynamoDBClientLike } from '#libs/data-sources';
import { nextTokenSecret, refusalOf, startTaskTable } from './start-task-table.js';
import type { TaskTable } from './start-task-table.js';

const key = { id: { S: 't1' } };
const stored = { id: 't1', title: 'Paint', tags: ['a', 'b'], version: 8 };
const expectsVersion1 = { expression: 'version = :expected', expressionValues: { ':expected': { N: 1 } } };
const refusal = {
  errorType: 'DynamoDB:ConditionalCheckFailedException',
  message: expect.stringMatching(
    /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: \w+\)$/,
  ) as string,
  errorInfo: null,
};

let table: TaskTable;
beforeAll(async () => {
  table = await startTaskTable();
});
afterAll(() => table.stop());
beforeEach(async () => {
  await table.run(put({ title: { S: 'Paint' }, tags: { SS: ['a', 'b'] }, version: { N: 8 } }));
});

function put(attributeValues: JsonObject, condition: JsonObject | null = null): JsonObject {
  return { operation: 'PutItem', key, attributeValues, condition };
}

describe('a PutItem whose check fails', () => {
  it('should be refused with the stored item as data', async () => {
    const error = await refusalOf(table.run(put({ title: { S: 'Varnish' } }, expectsVersion1)));
    expect(error).toMatchObject({ ...refusal, data: stored });
  });

  it('should succeed with the stored item when it would write the same', async () => {
    const same = { version: { N: '8.0' }, tags: { SS: ['b', 'a'] }, title: { S: 'Paint' } };
    expect(await table.run(put(same, expectsVersion1))).toEqual(stored);
  });

  it('should succeed when only ignored attributes differ', async () => {
    const document = put(
      { title: { S: 'Paint' }, tags: { SS: ['a', 'b'] }, version: { N: 2 } },
      { ...expectsVersion1, equalsIgnore: ['version'] },
    );
    expect(await table.run(document)).toEqual(stored);
    expect(await table.run({ operation: 'GetItem', key })).toEqual(stored);
  });

  it('should be refused when another attribute differs', async () => {
    const document = put(
      { title: { S: 'Paint' }, version: { N: 2 } },
      { ...expectsVersion1, equalsIgnore: ['version'] },
    );
    expect(await refusalOf(table.run(document))).toMatchObject({ ...refusal, data: stored });
  });

  it('should be refused without data when there is no item', async () => {
    await table.run({ operation: 'DeleteItem', key });
    const document = put(
      {},
      { expression: 'attribute_exists(id)', conditionalCheckFailedHandler: { strategy: 'Reject' } },
    );
    expect(await refusalOf(table.run(document))).toMatchObject({ ...refusal, data: null });
  });
});

describe('a DeleteItem whose check fails', () => {
  const remove = { operation: 'DeleteItem', key, condition: expectsVersion1 };

  it('should be refused while the item is there', async () => {
    expect(await refusalOf(table.run(remove))).toMatchObject({ ...refusal, data: stored });
  });

  it('should succeed when the item is gone', async () => {
    await table.run({ operation: 'DeleteItem', key });
    expect(await table.run(remove)).toBeNull();
  });
});

describe('an UpdateItem whose check fails', () => {
  it('should be refused though the item is as it would make it', async () => {
    const update = { expression: 'SET title = :title', expressionValues: { ':title': { S: 'Paint' } } };
    const error = await refusalOf(table.run({ operation: 'UpdateItem', key, update, condition: expectsVersion1 }));
    expect(error).toMatchObject({ ...refusal, data: stored });
  });
});

describe('the reading after a failed check', () => {
  it.each([
    ['strongly consistent by default', {}, true],
    ['as the condition says', { consistentRead: false }, false],
  ])('should be %s', async (_, option, expected) => {
    const client = createDynamoDbClient(table.connection);
    const reads: unknown[] = [];
    const spy = {
      send(command: { input: { ConsistentRead?: boolean } }, options: object) {
        if (command.constructor.name === 'GetItemCommand') reads.push(command.input.ConsistentRead);
        return client.send(command as never, options);
      },
    } as unknown as DynamoDBClientLike;
    const source = createDynamoDbDataSource({ tableName: 'Tasks', client: spy, nextTokenSecret });
    await refusalOf(source.execute(put({}, { ...expectsVersion1, ...option }), { resolver: 'Mutation.createTask' }));
    client.destroy();
    expect(reads).toEqual([expected]);
  });
});
