import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { attemptTimeoutMs, awsRequestHandler, maxAttempts } from '../aws-request-handler.js';

/** The part of AWS's client that a data source uses; an `EventBridgeClient` is one. */
export type EventBridgeClientLike = Pick<EventBridgeClient, 'send' | 'destroy'>;

/** Where an event bus is. */
export interface EventBridgeConnection {
  /** AWS region, e.g. `eu-central-1`. */
  readonly region: string;
  /** Address of a service that speaks EventBridge's API but is not AWS's. Default: the region's. */
  readonly endpoint?: string;
  /** Default: AWS's chain (environment, shared files, container and instance roles, web identity). */
  readonly credentials?: EventBridgeClientConfig['credentials'];
  /** Longest wait for one attempt, in milliseconds. Default 8000: three attempts end within AppSync's 30 s for a request. */
  readonly requestTimeoutMs?: number;
}

/** Creates a client for the event buses of one region and account. `destroy` it at the end. */
export function createEventBridgeClient(connection: EventBridgeConnection): EventBridgeClient {
  return new EventBridgeClient({
    region: connection.region,
    endpoint: connection.endpoint,
    credentials: connection.credentials,
    maxAttempts,
    requestHandler: awsRequestHandler(connection.requestTimeoutMs ?? attemptTimeoutMs),
  });
}
