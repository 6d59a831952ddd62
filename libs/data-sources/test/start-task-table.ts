import type { JsonObject, JsonValue } from '#libs/protocol';
import { startDynamoDb } from '#libs/testing';
import type { DynamoDb } from '#libs/testing';

import { createDynamoDbDataSource } from '#libs/data-sources';
import type { DataSource, RepeatingAwsConnection } from '#libs/data-sources';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const nextTokenSecret = 'a secret of enough bytes';

/** Tasks by `id`, and by `boardId` and `rank` in the index `byBoard`, as the data source of one test file. */
export interface TaskTable {
  readonly source: DataSource;
  readonly connection: RepeatingAwsConnection;
  /** Runs a document as `Query.allTasks`, or as another resolver. */
  run(document: JsonObject, resolver?: string): Promise<JsonValue>;
  stop(): Promise<void>;
}

/** Starts a DynamoDB with an empty table `Tasks`. */
export async function startTaskTable(): Promise<TaskTable> {
  const dynamoDb = await startDynamoDb();
  await createTaskTable(dynamoDb);
  const connection = { region: 'local', endpoint: dynamoDb.endpoint, credentials };
  const source = createDynamoDbDataSource({ tableName: 'Tasks', client: connection, nextTokenSecret });
  return {
    source,
    connection,
    run: (document, resolver = 'Query.allTasks') => source.execute(document, { resolver }),
    async stop() {
      await source.close();
      await dynamoDb.stop();
    },
  };
}

async function createTaskTable(dynamoDb: DynamoDb): Promise<void> {
  await dynamoDb.createTable({
    tableName: 'Tasks',
    partitionKey: 'id',
    indexes: [{ indexName: 'byBoard', partitionKey: 'boardId', sortKey: 'rank', numberAttributes: ['rank'] }],
  });
}

/** What a call was refused with, as far as a client sees it. */
export async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (result) => {
      throw new Error(`the call was not refused but answered ${JSON.stringify(result)}`);
    },
    (error: unknown) => error,
  );
}
