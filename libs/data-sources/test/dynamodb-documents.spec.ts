import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DynamoDBClientLike } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import documents from './dynamodb-documents.json' with { type: 'json' };
import faultyDocuments from './dynamodb-faulty-documents.json' with { type: 'json' };
import { nextTokenSecret, refusalOf, startTaskTable } from './start-task-table.js';
import type { TaskTable } from './start-task-table.js';

interface DocumentCase {
  readonly name: string;
  /** Items that are in the table before, as typed values. */
  readonly stored?: readonly JsonObject[];
  readonly document: JsonObject;
  readonly result: JsonValue;
  /** What GetItem answers afterwards, by id. */
  readonly after?: Readonly<Record<string, JsonValue>>;
}

describeDataSource('AMAZON_DYNAMODB', async () => {
  const table = await startTaskTable();
  return {
    source: table.source,
    document: { operation: 'PutItem', key: { id: { S: 't1' } }, attributeValues: { rank: { N: 1 } } },
    result: { id: 't1', rank: 1 },
    refused: { operation: 'PutItem' },
    stop: () => table.stop(),
  };
});

describe('a document', () => {
  let table: TaskTable;
  beforeAll(async () => {
    table = await startTaskTable();
  });
  afterAll(() => table.stop());
  afterEach(async () => {
    for (const id of ['t1', 't2', 't3']) await table.run({ operation: 'DeleteItem', key: { id: { S: id } } });
  });

  it.each(documents as unknown as DocumentCase[])(
    'should run: $name',
    async ({ stored = [], document, result, after = {} }) => {
      for (const { id, ...attributeValues } of stored) {
        await table.run({ operation: 'PutItem', key: { id: id! }, attributeValues });
      }
      expect(await table.run(document)).toEqual(result);
      for (const [id, item] of Object.entries(after)) {
        expect(await table.run({ operation: 'GetItem', key: { id: { S: id } } })).toEqual(item);
      }
    },
  );
});

describe('a faulty document', () => {
  const client = {
    send: () => Promise.reject(new Error('nothing may be sent for a faulty document')),
  } as unknown as DynamoDBClientLike;
  const source = createDynamoDbDataSource({ tableName: 'Tasks', client, nextTokenSecret });

  it.each(faultyDocuments as [JsonObject, string][])(
    'should be refused before anything is sent: %j',
    async (document, message) => {
      const error = await refusalOf(source.execute(document, { resolver: 'Query.allTasks' }));
      expect(error).toBeInstanceOf(FieldError);
      expect(error).toMatchObject({ errorType: 'MappingTemplate', message, data: null });
    },
  );
});
