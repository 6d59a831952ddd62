import { Inject, Injectable } from '@nestjs/common';
import type { InvalidationEntry, LastingInvalidation } from '#libs/event-log';
import { matchesFilterGroup } from '#libs/filter';
import type { Logger, Metrics } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import { StickyInvalidations } from '../subscription/sticky-invalidations.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { LOGGER, METRICS } from '../tokens.js';

/** Ends the subscriptions whose invalidation filter matches (AppSync reference, section 2), and records how many they were. */
@Injectable()
export class Invalidate {
  constructor(
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(StickyInvalidations) private readonly stickyInvalidations: StickyInvalidations,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'invalidatedSubscriptions'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * A subscription that set no invalidation filter is never ended. What is sticky keeps the others out from now on, until its
   * seconds after `writtenAtMs` are over.
   */
  invalidate(entry: InvalidationEntry, writtenAtMs: number): void {
    const { stickySeconds } = entry;
    if (stickySeconds !== undefined) {
      this.stickyInvalidations.remember({ entry, endsAtMs: writtenAtMs + stickySeconds * 1000 });
    }
    this.record(entry, this.end(entry));
  }

  /**
   * A sticky invalidation whose entry this process may not have read: it began later, or the log has a gap. Recorded where it
   * ends something.
   */
  restore(lasting: LastingInvalidation): void {
    if (!this.stickyInvalidations.remember(lasting)) return;
    const ended = this.end(lasting.entry);
    if (ended > 0) this.record(lasting.entry, ended);
  }

  private end({ subscriptionField, payload: text }: InvalidationEntry): number {
    const payload = JSON.parse(text) as JsonValue;
    let ended = 0;
    for (const { invalidationFilter, sink } of this.subscriptions.forField(subscriptionField)) {
      if (!invalidationFilter || !matchesFilterGroup(invalidationFilter, payload)) continue;
      sink.invalidate();
      ended += 1;
    }
    this.metrics.invalidatedSubscriptions.inc(ended);
    return ended;
  }

  /** The api recorded under the same request who asked for it. */
  private record({ requestId, subscriptionField, stickySeconds }: InvalidationEntry, ended: number): void {
    this.logger.info(
      {
        audit: true,
        action: 'invalidateSubscriptions',
        requestId: requestId ?? null,
        subscriptionField,
        sticky: stickySeconds ?? null,
        ended,
      },
      'Subscriptions invalidated',
    );
  }
}
