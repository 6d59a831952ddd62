import { Inject, Injectable } from '@nestjs/common';
import type { InvalidationEntry, LastingInvalidation } from '#libs/event-log';
import { auditLogger } from '#libs/observability';
import type { Logger, Metrics } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import { StickyInvalidations } from '../subscription/sticky-invalidations.js';
import type { Subscription } from '../subscription/subscription.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { LOGGER, METRICS } from '../tokens.js';
import { LoopShare } from './loop-share.js';

/** Ends the subscriptions whose invalidation filter matches (AppSync reference, section 2), and records how many they were. */
@Injectable()
export class Invalidate {
  private readonly audit: Logger;

  constructor(
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(StickyInvalidations) private readonly stickyInvalidations: StickyInvalidations,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'invalidatedSubscriptions' | 'fanout'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.audit = auditLogger(logger);
  }

  /**
   * A subscription that set no invalidation filter is never ended. What is sticky keeps the others out from now on, until its
   * seconds after `writtenAtMs` are over.
   *
   * Undefined when all were ended, else a promise that resolves when they are. The next entry of the log must wait for it.
   */
  invalidate(entry: InvalidationEntry, writtenAtMs: number): Promise<void> | undefined {
    this.metrics.fanout.invalidations += 1;
    const { stickySeconds } = entry;
    if (stickySeconds !== undefined) {
      this.stickyInvalidations.remember({ entry, endsAtMs: writtenAtMs + stickySeconds * 1000 });
    }
    return this.end(entry, (ended) => this.record(entry, ended));
  }

  /**
   * A sticky invalidation whose entry this process may not have read: it began later, or the log has a gap. Recorded where it
   * ends something. Undefined when all were ended, else a promise that resolves when they are.
   */
  restore(lasting: LastingInvalidation): Promise<void> | undefined {
    if (!this.stickyInvalidations.remember(lasting)) return undefined;
    return this.end(lasting.entry, (ended) => {
      if (ended > 0) this.record(lasting.entry, ended);
    });
  }

  /** Who is ended is decided here and now; `onEnded` gets the number when they are. */
  private end(
    { subscriptionField, payload }: InvalidationEntry,
    onEnded: (ended: number) => void,
  ): Promise<void> | undefined {
    const matched: Subscription[] = [];
    this.subscriptions.matchInvalidation(subscriptionField, JSON.parse(payload) as JsonValue, (subscription) =>
      matched.push(subscription),
    );
    let ended = 0;
    const rest = this.share.run(matched.length, (index) => {
      if (this.endOne(matched[index]!)) ended += 1;
    });
    const finish = (): void => {
      this.metrics.invalidatedSubscriptions.inc(ended);
      onEnded(ended);
    };
    if (rest) return rest.then(finish);
    finish();
    return undefined;
  }

  /** True unless it has ended by itself meanwhile. One subscription's trouble must not keep another one alive. */
  private endOne(subscription: Subscription): boolean {
    if (!subscription.isLive) return false;
    try {
      subscription.sink.invalidate();
    } catch (error) {
      this.subscriptions.remove(subscription);
      this.logger.error({ err: error, field: subscription.field }, 'An invalidation failed in a way nobody expected');
    }
    return true;
  }

  /** The api recorded under the same request who asked for it. */
  private record({ requestId, subscriptionField, stickySeconds }: InvalidationEntry, ended: number): void {
    this.audit.info(
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
