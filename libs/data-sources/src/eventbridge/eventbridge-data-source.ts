import { PutEventsCommand } from '@aws-sdk/client-eventbridge';

import type { RepeatingAwsConnection } from '../aws-connection.js';
import { toAwsError } from '../aws-error.js';
import { assertNotCancelled, cancellationOf } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DocumentReader } from '../document/document-reader.js';
import { createEventBridgeClient } from './eventbridge-client.js';
import type { EventBridgeClientLike } from './eventbridge-client.js';
import { eventBridgeService } from './eventbridge-error.js';
import { readEvents, toPutEventsResult } from './put-events.js';

export interface EventBridgeDataSourceOptions {
  /** ARN of the event bus that all events go to; AppSync's `eventBridgeConfig`. */
  readonly eventBusArn: string;
  /**
   * A client, which may serve other data sources too and is left open by `close`; or how the event bus is reached, and the
   * data source has a client of its own. Default: in AWS, in the region of the ARN.
   */
  readonly client?: EventBridgeClientLike | Partial<RepeatingAwsConnection>;
}

/**
 * `AMAZON_EVENTBRIDGE`: puts events on one event bus (AppSync reference, section 8.6). An event that EventBridge did not take
 * is part of the result and no error. A request whose answer was lost is sent again, so an event can be there twice.
 *
 * @throws RangeError at once when there is no region to be had
 */
export function createEventBridgeDataSource({ eventBusArn, client = {} }: EventBridgeDataSourceOptions): DataSource {
  const isShared = 'send' in client;
  const eventBridge = isShared
    ? client
    : createEventBridgeClient({ ...client, region: client.region ?? regionOf(eventBusArn) });
  return {
    type: 'AMAZON_EVENTBRIDGE',

    async execute(document, call) {
      assertNotCancelled(call);
      const command = new PutEventsCommand({ Entries: readEvents(new DocumentReader(document), eventBusArn) });
      try {
        return toPutEventsResult(await eventBridge.send(command, { abortSignal: call.signal }));
      } catch (error) {
        throw call.signal?.aborted ? cancellationOf(call.signal) : (toAwsError(error, eventBridgeService) ?? error);
      }
    },

    async close() {
      if (!isShared) eventBridge.destroy();
    },
  };
}

function regionOf(arn: string): string {
  const region = /^arn:[^:]+:events:([^:]+):/.exec(arn)?.[1];
  if (region === undefined) {
    throw new RangeError(
      `The event bus "${arn}" needs a region: an ARN like arn:aws:events:<region>:<account>:event-bus/<name>.`,
    );
  }
  return region;
}
