import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';

import { startDynamoDb } from './dynamodb.js';

const key = { boardId: { S: 'b1' }, rank: { N: '1' } };
const table = { tableName: 'Tasks', partitionKey: 'boardId', sortKey: 'rank', numberAttributes: ['rank'] };

function connect(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: 'local', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
}

it('should take requests as soon as a table is created, and stop though a client is connected', async () => {
  const dynamoDb = await startDynamoDb();
  const client = connect(dynamoDb.endpoint);
  await dynamoDb.createTable(table);
  await client.send(new PutItemCommand({ TableName: 'Tasks', Item: key }));
  await dynamoDb.stop();
  await dynamoDb.stop();
  await expect(client.send(new GetItemCommand({ TableName: 'Tasks', Key: key }))).rejects.toThrow('ECONNREFUSED');
  client.destroy();
});

it('should find its tables again in its folder', async () => {
  const path = await mkdtemp(join(tmpdir(), 'starling-dynamodb-'));
  const first = await startDynamoDb({ path });
  await first.createTable(table);
  await first.stop();

  const second = await startDynamoDb({ path });
  const client = connect(second.endpoint);
  const { Item } = await client.send(new GetItemCommand({ TableName: 'Tasks', Key: key }));
  expect(Item).toBeUndefined();
  client.destroy();
  await second.stop();
  await rm(path, { recursive: true });
});
