import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { LocalKey, LocalTable } from '#libs/api-definition';

/** Any credentials will do for dynalite; the SDK wants some. Not frozen, because it writes into them. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A DynamoDB on this machine. */
export interface LocalDynamoDb {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts dynalite on a free loopback port with its files in a folder, and makes the tables that are missing. */
export async function startLocalDynamoDb(folder: string, tables: readonly LocalTable[]): Promise<LocalDynamoDb> {
  const server = dynalite({ path: folder, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials: localCredentials });
  for (const table of tables) await ensureTable(client, table);
  client.destroy();
  return {
    endpoint,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function ensureTable(client: DynamoDBClient, table: LocalTable): Promise<void> {
  try {
    await client.send(new DescribeTableCommand({ TableName: table.tableName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(describe(table));
  }
}

function describe({ tableName, partitionKey, sortKey, globalSecondaryIndexes }: LocalTable): CreateTableCommand {
  const keys = [
    partitionKey,
    sortKey,
    ...globalSecondaryIndexes.flatMap((index) => [index.partitionKey, index.sortKey]),
  ];
  const attributes = new Map(
    keys.filter((key) => key !== null).map((key): [string, AttributeDefinition] => [key.name, toAttribute(key)]),
  );
  return new CreateTableCommand({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes.values()],
    KeySchema: toKeySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes:
      globalSecondaryIndexes.length === 0
        ? undefined
        : globalSecondaryIndexes.map((index) => ({
            IndexName: index.indexName,
            KeySchema: toKeySchema(index.partitionKey, index.sortKey),
            Projection: { ProjectionType: 'ALL' },
          })),
  });
}

function toAttribute({ name, type }: LocalKey): AttributeDefinition {
  return { AttributeName: name, AttributeType: type };
}

function toKeySchema(partitionKey: LocalKey, sortKey: LocalKey | null): KeySchemaElement[] {
  const schema: KeySchemaElement[] = [{ AttributeName: partitionKey.name, KeyType: 'HASH' }];
  if (sortKey) schema.push({ AttributeName: sortKey.name, KeyType: 'RANGE' });
  return schema;
}
