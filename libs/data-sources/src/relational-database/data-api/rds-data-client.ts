import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { askingOnce } from '../../aws-connection.js';
import type { AwsConnection } from '../../aws-connection.js';

/** The part of AWS's client that a data source uses; an `RDSDataClient` is one. */
export type RdsDataClientLike = Pick<RDSDataClient, 'send' | 'destroy'>;

/**
 * Creates a client for the clusters of one region and account. Each request is sent once: a retry of a statement whose
 * answer was lost would run it twice.
 */
export function createRdsDataClient(connection: AwsConnection): RDSDataClient {
  return new RDSDataClient(askingOnce(connection));
}
