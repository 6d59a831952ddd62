import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

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

/**
 * Attempts per request, the first included. Faults of the network, throttling and 5xx are tried again with growing pauses.
 * Three is AWS's default for a client.
 */
const maxAttempts = 3;

/** Longest wait for a connection, in milliseconds: a host that does not answer the handshake by then is not there. */
const connectionTimeoutMs = 2000;

/**
 * Connections a client keeps open. AWS's default of 50 is below what one busy pod has under way, and requests that wait
 * for a connection count as slow, not as refused.
 */
const maxSockets = 256;

/** Creates a client for the tables of one region and account. Several data sources may share it; `destroy` it at the end. */
export function createDynamoDbClient(connection: DynamoDbConnection): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets };
  return new DynamoDBClient({
    region: connection.region,
    endpoint: connection.endpoint,
    credentials: connection.credentials,
    maxAttempts,
    requestHandler: {
      requestTimeout: connection.requestTimeoutMs ?? 8000,
      throwOnRequestTimeout: true,
      connectionTimeout: connectionTimeoutMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
