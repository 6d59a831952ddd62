import { Inject, Injectable } from '@nestjs/common';
import { FilterIndex } from '#libs/filter';
import type { FilterHandle } from '#libs/filter';
import type { Identity } from '#libs/identity';
import type { JsonValue } from '#libs/protocol';
import type { DeliveryGroup } from '../fanout/delivery-group.js';
import { DeliveryGroups } from '../fanout/delivery-groups.js';
import { requireStanding } from './require-standing.js';
import type { FieldPolicies } from './field-policies.js';
import { StickyInvalidations } from './sticky-invalidations.js';
import type { AcceptedSubscription, Subscription, SubscriptionSink } from './subscription.js';

/** The subscriptions of one field: by what they want, and by what ends them. */
interface FieldSubscriptions {
  readonly filters: FilterIndex<Subscription>;
  readonly invalidations: FilterIndex<Subscription>;
}

class RegisteredSubscription implements Subscription {
  isLive = true;

  constructor(
    readonly field: string,
    readonly fieldPolicies: FieldPolicies,
    readonly sink: SubscriptionSink,
    readonly group: DeliveryGroup,
    public revocable: Identity | undefined,
  ) {}

  filter: FilterHandle | undefined;
  /** Undefined where nothing invalidates it. */
  invalidation: FilterHandle | undefined;
}

/** Every live subscription of this process. All protocols register here; the fan-out asks it whom an entry of the log is for. */
@Injectable()
export class SubscriptionRegistry {
  private readonly byField = new Map<string, FieldSubscriptions>();
  private readonly live = new Set<Subscription>();
  private readonly groups = new DeliveryGroups();

  constructor(@Inject(StickyInvalidations) private readonly stickyInvalidations: Pick<StickyInvalidations, 'refuse'>) {}

  /** Live subscriptions. */
  get count(): number {
    return this.live.size;
  }

  /** Different selections among them: for each, the text of an event is made once. */
  get groupCount(): number {
    return this.groups.count;
  }

  /** Different conjunctions of their filters, subscription and invalidation filters together. */
  get conjunctions(): number {
    return this.sum((index) => index.conjunctions);
  }

  /** Of these, those that every entry of their field evaluates one by one. */
  get scanListLength(): number {
    return this.sum((index) => index.scanListLength);
  }

  /**
   * From here on the subscription gets every entry that is handled. Its deliveries go to `sink`.
   *
   * Throws a RequestError: SUBSCRIPTION_INVALIDATED while a sticky invalidation lasts that would end it, UNAUTHORIZED when the
   * access key that it was started with was withdrawn meanwhile. Here and nowhere
   * earlier: an invalidation that is read while the subscription's resolver runs comes before this or finds it in here.
   */
  add(accepted: AcceptedSubscription, sink: SubscriptionSink): Subscription {
    this.stickyInvalidations.refuse(accepted);
    requireStanding(accepted);
    const { field, fieldPolicies, filter, invalidationFilter, projection, revocable } = accepted;
    const group = this.groups.enter(projection);
    const subscription = new RegisteredSubscription(field, fieldPolicies, sink, group, revocable);
    const sameField = this.ofField(field);
    subscription.filter = sameField.filters.add(filter, subscription);
    if (invalidationFilter) subscription.invalidation = sameField.invalidations.add(invalidationFilter, subscription);
    this.live.add(subscription);
    return subscription;
  }

  /** From here on it gets nothing. Removing one that is not there has no effect. */
  remove(subscription: Subscription): void {
    const registered = subscription as RegisteredSubscription;
    const sameField = this.byField.get(registered.field);
    if (!registered.isLive || !sameField) return;
    registered.isLive = false;
    sameField.filters.remove(registered.filter!);
    if (registered.invalidation) sameField.invalidations.remove(registered.invalidation);
    this.groups.leave(registered.group);
    this.live.delete(registered);
    if (sameField.filters.size === 0) this.byField.delete(registered.field);
  }

  /** All that are live now. */
  all(): readonly Subscription[] {
    return [...this.live];
  }

  /** Whether a field has subscriptions. */
  has(field: string): boolean {
    return this.byField.has(field);
  }

  /** Calls `visit` with each subscription of the field that wants the payload, in no promised order. */
  match(field: string, payload: JsonValue, visit: (subscription: Subscription) => void): void {
    this.byField.get(field)?.filters.match(payload, visit);
  }

  /** Calls `visit` with each subscription of the field that an invalidation with the payload ends, in no promised order. */
  matchInvalidation(field: string, payload: JsonValue, visit: (subscription: Subscription) => void): void {
    this.byField.get(field)?.invalidations.match(payload, visit);
  }

  private ofField(field: string): FieldSubscriptions {
    let sameField = this.byField.get(field);
    if (!sameField) {
      sameField = { filters: new FilterIndex(), invalidations: new FilterIndex() };
      this.byField.set(field, sameField);
    }
    return sameField;
  }

  private sum(of: (index: FilterIndex<Subscription>) => number): number {
    let sum = 0;
    for (const { filters, invalidations } of this.byField.values()) sum += of(filters) + of(invalidations);
    return sum;
  }
}
