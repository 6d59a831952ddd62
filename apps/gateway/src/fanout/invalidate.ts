import { Inject, Injectable } from '@nestjs/common';
import type { InvalidationEntry } from '#libs/event-log';
import { matchesFilterGroup } from '#libs/filter';
import type { Logger } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { LOGGER } from '../tokens.js';

/** Ends the subscriptions whose invalidation filter matches (AppSync reference, section 2). */
@Injectable()
export class Invalidate {
  constructor(
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A subscription that set no invalidation filter is never ended. */
  invalidate(invalidation: InvalidationEntry): void {
    const payload = JSON.parse(invalidation.payload) as JsonValue;
    let ended = 0;
    for (const { invalidationFilter, sink } of this.subscriptions.forField(invalidation.subscriptionField)) {
      if (!invalidationFilter || !matchesFilterGroup(invalidationFilter, payload)) continue;
      sink.invalidate();
      ended += 1;
    }
    this.logger.info({ subscriptionField: invalidation.subscriptionField, ended }, 'Subscriptions invalidated');
  }
}
