import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CreateTableInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface DynamoDbOptions {
  /** Folder of its files. Default: in memory. */
  readonly path?: string;
}

/** A DynamoDB of one test, on loopback: dynalite in this process, or a DynamoDB Local. */
export interface DynamoDb {
  readonly endpoint: string;
  readonly port: number;
  /** Resolves when the table takes requests. */
  createTable(table: TableDescription): Promise<void>;
  /** Ends the server and every connection to it. May be called twice. */
  stop(): Promise<void>;
}

export interface TableDescription extends TableKey {
  readonly tableName: string;
  /** Global secondary indexes. They project all attributes. Default none. */
  readonly indexes?: readonly (TableKey & { readonly indexName: string })[];
}

/** Attribute names of a key. They are strings unless an entry of `numberAttributes` says otherwise. */
export interface TableKey {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly numberAttributes?: readonly string[];
}

/** Starts a DynamoDB on a free port. Any region and credentials will do. Resolves when it serves. */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDb> {
  const server = dynalite({ path: options.path, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connectDynamoDb(port, async () => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
    // Clients of the test keep their connections; close waits for them otherwise.
    server.closeAllConnections();
    await closed;
  });
}

/** What a test does with the server on a port, whichever it is. `stop` ends the server. */
export function connectDynamoDb(port: number, stop: () => Promise<void>): DynamoDb {
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  return {
    endpoint,
    port,
    async createTable(table) {
      await client.send(new CreateTableCommand(describeTable(table)));
      // The table is there a turn of the event loop later; each look is a round trip, so this ends after a few.
      const look = () => client.send(new DescribeTableCommand({ TableName: table.tableName }));
      while ((await look()).Table?.TableStatus !== 'ACTIVE');
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

function describeTable(table: TableDescription): CreateTableInput {
  const indexes = table.indexes ?? [];
  const keys: readonly TableKey[] = [table, ...indexes];
  const numbers = new Set(keys.flatMap((key) => key.numberAttributes ?? []));
  const attributes = new Set(keys.flatMap((key) => describeKey(key).map((element) => element.AttributeName!)));
  return {
    TableName: table.tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: describeKey(table),
    AttributeDefinitions: [...attributes].map((name) => ({
      AttributeName: name,
      AttributeType: numbers.has(name) ? 'N' : 'S',
    })),
    GlobalSecondaryIndexes:
      indexes.length === 0
        ? undefined
        : indexes.map((index) => ({
            IndexName: index.indexName,
            KeySchema: describeKey(index),
            Projection: { ProjectionType: 'ALL' },
          })),
  };
}

function describeKey({ partitionKey, sortKey }: TableKey): KeySchemaElement[] {
  const partition: KeySchemaElement = { AttributeName: partitionKey, KeyType: 'HASH' };
  return sortKey === undefined ? [partition] : [partition, { AttributeName: sortKey, KeyType: 'RANGE' }];
}
