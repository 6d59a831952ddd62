import { Inject, Injectable } from '@nestjs/common';
import { StickyInvalidations } from './sticky-invalidations.js';
import type { Subscription } from './subscription.js';

const none: ReadonlySet<Subscription> = new Set();

/** Every live subscription of this process, by subscription field. Both protocols register here; the fan-out reads it. */
@Injectable()
export class SubscriptionRegistry {
  private readonly byField = new Map<string, Set<Subscription>>();
  private size = 0;

  constructor(@Inject(StickyInvalidations) private readonly stickyInvalidations: Pick<StickyInvalidations, 'refuse'>) {}

  /** Live subscriptions. */
  get count(): number {
    return this.size;
  }

  /**
   * From here on the subscription gets every event that is read. Adding it twice has no effect.
   *
   * Throws a RequestError, SUBSCRIPTION_INVALIDATED, while a sticky invalidation lasts that would end it. Here and nowhere
   * earlier: an invalidation that is read while the subscription's resolver runs comes before this or finds it in here.
   */
  add(subscription: Subscription): void {
    const sameField = this.byField.get(subscription.field) ?? new Set();
    if (sameField.has(subscription)) return;
    this.stickyInvalidations.refuse(subscription);
    this.byField.set(subscription.field, sameField.add(subscription));
    this.size += 1;
  }

  /** From here on it gets nothing. Removing one that is not there has no effect. */
  remove(subscription: Subscription): void {
    const sameField = this.byField.get(subscription.field);
    if (!sameField?.delete(subscription)) return;
    this.size -= 1;
    if (sameField.size === 0) this.byField.delete(subscription.field);
  }

  /** Subscriptions of a field. Removing some of them while iterating is safe. */
  forField(field: string): ReadonlySet<Subscription> {
    return this.byField.get(field) ?? none;
  }
}
