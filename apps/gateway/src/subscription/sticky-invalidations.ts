import type { LastingInvalidation } from '#libs/event-log';
import { matchesFilterGroup } from '#libs/filter';
import type { FilterGroup } from '#libs/filter';
import { RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import type { AcceptedSubscription } from './subscription.js';

export interface StickyInvalidationsOptions {
  /** Most that are kept. Of more, the one that would be over soonest is dropped: it does the least harm. */
  readonly max: number;
  /** One was dropped before it was over. */
  onDropped(): void;
  /** A subscription was refused, because of an invalidation that this request asked for. */
  onRefused(field: string, requestId: string | undefined): void;
  /** Milliseconds since the epoch, to be compared with the clock of the event log. Default `Date.now`. */
  readonly now?: () => number;
}

interface Sticky {
  readonly endsAtMs: number;
  /** Of the request that asked for it, where the log said so. */
  readonly requestId: string | undefined;
  readonly field: string;
  readonly payloadText: string;
  readonly payload: JsonValue;
}

/**
 * The sticky invalidations that this process knows of: while one lasts, the subscriptions that it would end must not start
 * (docs/adr/0009-sticky-invalidations-beside-the-log.md).
 */
export class StickyInvalidations {
  private readonly now: () => number;
  /** By subscription field, then by payload: repeating one prolongs it. */
  private readonly byField = new Map<string, Map<string, Sticky>>();
  private size = 0;

  constructor(private readonly options: StickyInvalidationsOptions) {
    this.now = options.now ?? (() => Date.now());
  }

  /** Those that are kept; some may be over. */
  get count(): number {
    return this.size;
  }

  /**
   * Keeps one until it is over; of two with the same payload, the one that lasts longer. False where it is over already.
   * Throws where the payload is not JSON.
   */
  remember({ entry, endsAtMs }: LastingInvalidation): boolean {
    if (endsAtMs <= this.now()) return false;
    const { subscriptionField: field, payload: payloadText, requestId } = entry;
    const known = this.byField.get(field)?.get(payloadText);
    if (known && known.endsAtMs >= endsAtMs) return true;
    const payload = JSON.parse(payloadText) as JsonValue;
    this.add({ field, payloadText, payload, requestId, endsAtMs });
    if (this.size > this.options.max) this.makeRoom();
    return true;
  }

  /**
   * Throws a RequestError, SUBSCRIPTION_INVALIDATED, while one lasts that would end the subscription. One without an
   * invalidation filter is never ended, and never refused.
   */
  refuse({ field, invalidationFilter }: Pick<AcceptedSubscription, 'field' | 'invalidationFilter'>): void {
    const sticky = invalidationFilter && this.find(field, invalidationFilter);
    if (!sticky) return;
    this.options.onRefused(field, sticky.requestId);
    const seconds = Math.ceil((sticky.endsAtMs - this.now()) / 1000);
    throw new RequestError(
      'SUBSCRIPTION_INVALIDATED',
      `Subscription invalidated; it is refused for the next ${Math.max(1, seconds)} s.`,
    );
  }

  private find(field: string, filter: FilterGroup): Sticky | undefined {
    const now = this.now();
    for (const sticky of this.byField.get(field)?.values() ?? []) {
      if (sticky.endsAtMs <= now) this.remove(sticky);
      else if (matchesFilterGroup(filter, sticky.payload)) return sticky;
    }
    return undefined;
  }

  private add(sticky: Sticky): void {
    const ofField = this.byField.get(sticky.field) ?? new Map<string, Sticky>();
    if (!ofField.has(sticky.payloadText)) this.size += 1;
    this.byField.set(sticky.field, ofField.set(sticky.payloadText, sticky));
  }

  private remove({ field, payloadText }: Sticky): void {
    const ofField = this.byField.get(field);
    if (!ofField?.delete(payloadText)) return;
    this.size -= 1;
    if (ofField.size === 0) this.byField.delete(field);
  }

  private makeRoom(): void {
    const now = this.now();
    const all = [...this.byField.values()].flatMap((ofField) => [...ofField.values()]);
    for (const sticky of all) if (sticky.endsAtMs <= now) this.remove(sticky);
    if (this.size <= this.options.max) return;
    this.remove(all.reduce((soonest, sticky) => (sticky.endsAtMs < soonest.endsAtMs ? sticky : soonest)));
    this.options.onDropped();
  }
}
