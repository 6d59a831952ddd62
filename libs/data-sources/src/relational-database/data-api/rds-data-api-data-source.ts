import type { AwsConnection } from '../../aws-connection.js';
import type { DataSource } from '../../data-source.js';
import { createRelationalDataSource } from '../relational-data-source.js';
import { DataApiSession } from './data-api-session.js';
import { createRdsDataClient } from './rds-data-client.js';
import type { RdsDataClientLike } from './rds-data-client.js';

/** AppSync's `rdsHttpEndpointConfig`, and how the Data API is reached. */
export interface RdsDataApiDataSourceOptions {
  /** ARN of the Aurora cluster. */
  readonly dbClusterIdentifier: string;
  /** ARN of the secret with the database's user and password. */
  readonly awsSecretStoreArn: string;
  /** Default: none; statements name theirs. */
  readonly databaseName?: string;
  /** Default: the database's. */
  readonly schema?: string;
  /**
   * A client, which may serve other data sources too and is left open by `close`; or where the Data API is, and the data
   * source has a client of its own.
   */
  readonly client: RdsDataClientLike | AwsConnection;
  /** Longest time for a request, both statements together, in milliseconds. Default 30000. */
  readonly timeoutMs?: number;
}

/** `RELATIONAL_DATABASE` on an Aurora cluster, over the RDS Data API. */
export function createRdsDataApiDataSource(options: RdsDataApiDataSourceOptions): DataSource {
  const { dbClusterIdentifier, awsSecretStoreArn, databaseName, schema, client } = options;
  const target = { resourceArn: dbClusterIdentifier, secretArn: awsSecretStoreArn, database: databaseName, schema };
  const isShared = 'send' in client;
  const rdsData = isShared ? client : createRdsDataClient(client);
  const database = {
    connect: async () => new DataApiSession(rdsData, target),
    async close() {
      if (!isShared) rdsData.destroy();
    },
  };
  return createRelationalDataSource(database, options);
}
