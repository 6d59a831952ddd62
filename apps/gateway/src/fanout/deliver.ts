import { Inject, Injectable } from '@nestjs/common';
import type { EventEntry } from '#libs/event-log';
import type { ExecutableApi } from '#libs/execution';
import { matchesFilterGroup } from '#libs/filter';
import type { Logger } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { EXECUTABLE_API, LOGGER } from '../tokens.js';
import type { Projection } from './projection.js';

/** Sends an event to the subscriptions it matches (design: the gateway, from event to socket). */
@Injectable()
export class Deliver {
  constructor(
    @Inject(EXECUTABLE_API) private readonly api: ExecutableApi,
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The payload is parsed only if some subscription here names the mutation, and projected once per distinct selection. */
  deliver(event: EventEntry): void {
    const fields = this.api.definition.publications.get(event.mutation) ?? [];
    const subscribed = fields.filter((field) => this.subscriptions.forField(field).size > 0);
    if (subscribed.length === 0) return;

    const payload = JSON.parse(event.payload) as JsonValue;
    const results = new Map<Projection, string>();
    for (const field of subscribed) {
      for (const subscription of this.subscriptions.forField(field)) {
        try {
          if (!matchesFilterGroup(subscription.filter, payload)) continue;
          let result = results.get(subscription.projection);
          if (result === undefined)
            results.set(subscription.projection, (result = subscription.projection.project(payload)));
          subscription.sink.deliver(result);
        } catch (error) {
          // One subscription's trouble is not the others'.
          this.logger.error({ err: error, field }, 'A delivery failed in a way nobody expected');
        }
      }
    }
  }
}
