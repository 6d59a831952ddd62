import type { Subscription } from './subscription.js';

const none: ReadonlySet<Subscription> = new Set();

/** Every live subscription of this process, by subscription field. Both protocols register here; the fan-out reads it. */
export class SubscriptionRegistry {
  private readonly byField = new Map<string, Set<Subscription>>();
  private size = 0;

  /** Live subscriptions. */
  get count(): number {
    return this.size;
  }

  /** From here on the subscription gets every event that is read. Adding it twice has no effect. */
  add(subscription: Subscription): void {
    const sameField = this.byField.get(subscription.field) ?? new Set();
    if (sameField.has(subscription)) return;
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
