import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { askingAgain } from '../aws-connection.js';
import type { RepeatingAwsConnection } from '../aws-connection.js';

/** The part of AWS's client that a data source uses; an `EventBridgeClient` is one. */
export type EventBridgeClientLike = Pick<EventBridgeClient, 'send' | 'destroy'>;

/** Creates a client for the event buses of one region and account. `destroy` it at the end. */
export function createEventBridgeClient(connection: RepeatingAwsConnection): EventBridgeClient {
  return new EventBridgeClient(askingAgain(connection));
}
