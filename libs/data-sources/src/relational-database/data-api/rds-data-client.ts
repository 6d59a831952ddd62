import { RDSDataClient } from '@aws-sdk/client-rds-data';
import type { RDSDataClientConfig } from '@aws-sdk/client-rds-data';
import { awsRequestHandler } from '../../aws-request-handler.js';

/** The part of AWS's client that a data source uses; an `RDSDataClient` is one. */
export type RdsDataClientLike = Pick<RDSDataClient, 'send' | 'destroy'>;

/** Where the Data API is. */
export interface RdsDataConnection {
  /** AWS region of the cluster, e.g. `eu-central-1`. */
  readonly region: string;
  /** Address of a Data API that is not AWS's. Default: the region's. */
  readonly endpoint?: string;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: RDSDataClientConfig['credentials'];
}

/**
 * Creates a client for the clusters of one region and account. Each request is sent once: a retry of a statement whose
 * answer was lost would run it twice.
 */
export function createRdsDataClient({ region, endpoint, credentials }: RdsDataConnection): RDSDataClient {
  return new RDSDataClient({
    region,
    endpoint,
    credentials,
    maxAttempts: 1,
    requestHandler: awsRequestHandler(),
  });
}
