import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { askingAgain } from '../aws-connection.js';
import type { RepeatingAwsConnection } from '../aws-connection.js';

/** The part of AWS's client that a data source uses; a `DynamoDBClient` is one. */
export type DynamoDBClientLike = Pick<DynamoDBClient, 'send' | 'destroy'>;

/** Creates a client for the tables of one region and account. Several data sources may share it; `destroy` it at the end. */
export function createDynamoDbClient(connection: RepeatingAwsConnection): DynamoDBClient {
  return new DynamoDBClient(askingAgain(connection));
}
