import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { attemptTimeoutMs, awsRequestHandler, maxAttempts } from '../aws-request-handler.js';

/** The part of AWS's client that a data source uses; a `DynamoDBClient` is one. */
export type DynamoDBClientLike = Pick<DynamoDBClient, 'send' | 'destroy'>;

/** Where a table is. */
export interface DynamoDbConnection {
  /** AWS region, e.g. `eu-central-1`. With an `endpoint` of your own any name will do. */
  readonly region: string;
  /** Address of a DynamoDB that is not AWS's, e.g. `http://dynamodb:8000`. Default: the region's. */
  readonly endpoint?: string;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: DynamoDBClientConfig['credentials'];
  /**
   * Longest wait for one attempt, in milliseconds. Default 8000: three attempts end within AppSync's 30 s for a request.
   */
  readonly requestTimeoutMs?: number;
}

/** Creates a client for the tables of one region and account. Several data sources may share it; `destroy` it at the end. */
export function createDynamoDbClient(connection: DynamoDbConnection): DynamoDBClient {
  return new DynamoDBClient({
    region: connection.region,
    endpoint: connection.endpoint,
    credentials: connection.credentials,
    maxAttempts,
    requestHandler: awsRequestHandler(connection.requestTimeoutMs ?? attemptTimeoutMs),
  });
}
