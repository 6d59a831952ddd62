import { Inject, Injectable } from '@nestjs/common';
import type { EventEntry } from '#libs/event-log';
import type { CurrentApi } from '#libs/execution';
import type { Logger, Metrics, TraceSpan } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import type { Subscription } from '../subscription/subscription.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { CURRENT_API, LOGGER, METRICS } from '../tokens.js';
import type { DeliveryGroup } from './delivery-group.js';
import { LoopShare } from './loop-share.js';
import type { PayloadText } from './payload-text.js';

/** Sends an event to the subscriptions it matches (design: the gateway, from event to socket). */
@Injectable()
export class Deliver {
  constructor(
    @Inject(CURRENT_API) private readonly current: Pick<CurrentApi, 'api'>,
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(LoopShare) private readonly share: LoopShare,
    @Inject(METRICS) private readonly metrics: Pick<Metrics, 'fanout' | 'deliveryLatency'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Who gets the event is decided here and now; a subscription that ends before its turn gets nothing. The payload is parsed
   * only if some subscription here names the mutation, and its text is made once for each delivery group.
   *
   * Undefined when every delivery was given to its connection, else a promise that resolves when they were. The next entry of
   * the log must wait for it. `writtenAtMs`: when the log took the event, by the log's clock. `span`: the event's, where it is
   * traced; matching, making texts and delivering are parts of it, and no subscriber is.
   */
  deliver(event: EventEntry, writtenAtMs: number, span?: TraceSpan): Promise<void> | undefined {
    this.metrics.fanout.events += 1;
    const matching = span?.start('match');
    const matched = this.match(event);
    matching?.end();
    span?.set({ 'starling.subscriptions.matched': matched?.subscriptions.length ?? 0 });
    if (!matched) return undefined;
    const { subscriptions, payload } = matched;
    this.metrics.fanout.matches += subscriptions.length;
    const delivering = span?.start('deliver');
    const texts = new EventTexts(payload, this.metrics.fanout, this.logger, delivering);
    const rest = this.share.run(subscriptions.length, (index) => this.send(subscriptions[index]!, texts));
    if (rest) return rest.then(() => this.finish(writtenAtMs, texts, delivering));
    this.finish(writtenAtMs, texts, delivering);
    return undefined;
  }

  private match(event: EventEntry): { subscriptions: readonly Subscription[]; payload: JsonValue } | undefined {
    let payload: JsonValue | undefined;
    const subscriptions: Subscription[] = [];
    for (const field of this.current.api.definition.publications.get(event.mutation) ?? []) {
      if (!this.subscriptions.has(field)) continue;
      payload ??= JSON.parse(event.payload) as JsonValue;
      this.subscriptions.match(field, payload, (subscription) => subscriptions.push(subscription));
    }
    return payload === undefined || subscriptions.length === 0 ? undefined : { subscriptions, payload };
  }

  /** One subscription's trouble is not the others'. */
  private send(subscription: Subscription, texts: EventTexts): void {
    const { fanout } = this.metrics;
    if (!subscription.isLive) return;
    try {
      const text = texts.of(subscription.group);
      if (!text) {
        fanout.failedDeliveries += 1;
        return;
      }
      subscription.sink.deliver(text);
      fanout.deliveries += 1;
      fanout.deliveredBytes += text.byteLength;
    } catch (error) {
      fanout.failedDeliveries += 1;
      this.logger.error({ err: error, field: subscription.field }, 'A delivery failed in a way nobody expected');
    }
  }

  private finish(writtenAtMs: number, texts: EventTexts, delivering: TraceSpan | undefined): void {
    delivering?.set({ 'starling.projections': texts.count });
    delivering?.end();
    // The clocks of two machines may differ by more than a delivery takes.
    this.metrics.deliveryLatency.observe(Math.max(0, Date.now() - writtenAtMs) / 1000);
  }
}

/** Texts of an event that a trace shows one by one: where everybody selects something else, there are as many as subscribers. */
const maxTracedTexts = 8;

/** The texts of one event, by delivery group. */
class EventTexts {
  private readonly byGroup = new Map<DeliveryGroup, PayloadText | undefined>();
  private lastGroup: DeliveryGroup | undefined;
  private lastText: PayloadText | undefined;

  constructor(
    private readonly payload: JsonValue,
    private readonly counters: Metrics['fanout'],
    private readonly logger: Logger,
    /** Where an event is traced. */
    private readonly span?: TraceSpan,
  ) {}

  get count(): number {
    return this.byGroup.size;
  }

  /** Undefined where it could not be made: the log has that once, not for each subscription. */
  of(group: DeliveryGroup): PayloadText | undefined {
    // Most subscriptions of a field are of one group.
    if (group !== this.lastGroup) {
      this.lastText = this.byGroup.has(group) ? this.byGroup.get(group) : this.make(group);
      this.lastGroup = group;
    }
    return this.lastText;
  }

  private make(group: DeliveryGroup): PayloadText | undefined {
    const part = this.byGroup.size < maxTracedTexts ? this.span?.start('project') : undefined;
    let text: PayloadText | undefined;
    try {
      text = group.textOf(this.payload);
      this.counters.projections += 1;
    } catch (error) {
      this.logger.error({ err: error }, 'A delivery failed in a way nobody expected');
    }
    part?.end();
    this.byGroup.set(group, text);
    return text;
  }
}
