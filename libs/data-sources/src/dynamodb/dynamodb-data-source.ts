import { assertNotCancelled } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { createDynamoDbClient } from './dynamodb-client.js';
import type { DynamoDBClientLike, DynamoDbConnection } from './dynamodb-client.js';
import { createNextTokens } from './next-token.js';
import { selectOperation } from './operations/index.js';
import { Requests } from './requests.js';
import { Table } from './table.js';
import { Tables } from './tables.js';

export interface DynamoDbDataSourceOptions {
  /**
   * The table that documents run on, batches and transactions excepted: they name theirs. It need not exist: requests
   * answer `DynamoDB:ResourceNotFoundException` then.
   */
  readonly tableName: string;
  /**
   * A client, which may serve other data sources too and is left open by `close`; or where the table is, and the data
   * source has a client of its own.
   */
  readonly client: DynamoDBClientLike | DynamoDbConnection;
  /** Key material for `nextToken`s, at least 16 bytes, the same in every pod of the API. */
  readonly nextTokenSecret: string;
}

/**
 * `AMAZON_DYNAMODB`: runs documents of every operation but Sync (AppSync reference, section 8.2). Documents, results and
 * errors are in docs/reference/data-sources.md.
 *
 * @throws RangeError at once for a `nextTokenSecret` that is too short
 */
export function createDynamoDbDataSource({
  tableName,
  client,
  nextTokenSecret,
}: DynamoDbDataSourceOptions): DataSource {
  const tokens = createNextTokens(nextTokenSecret);
  const isShared = 'send' in client;
  const dynamoDb = isShared ? client : createDynamoDbClient(client);

  return {
    type: 'AMAZON_DYNAMODB',

    async execute(document, call) {
      assertNotCancelled(call);
      const reader = new DocumentReader(document);
      const binding = { tableName, resolver: call.resolver };
      const requests = new Requests(dynamoDb, call.signal);
      return selectOperation(reader).run(reader, {
        table: new Table(requests, tableName),
        tables: new Tables(requests),
        tokens: {
          seal: (lastKey) => tokens.seal(lastKey, binding),
          open: (token) => tokens.open(token, binding),
        },
      });
    },

    async close() {
      if (!isShared) dynamoDb.destroy();
    },
  };
}
