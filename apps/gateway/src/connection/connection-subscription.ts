import type { Identity } from '#libs/identity';
import type { RequestError } from '#libs/protocol';
import type { PayloadText } from '../fanout/payload-text.js';
import type { FieldPolicies } from '../subscription/field-policies.js';
import type { AcceptedSubscription, Subscription, SubscriptionSink } from '../subscription/subscription.js';
import type { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import type { ConnectionSocket } from './connection-socket.js';
import { deliveryHead } from './frame.js';
import type { DeliveryTarget } from './held-deliveries.js';

/** The connection of subscriptions, as they see it. */
export interface SubscriptionOwner {
  readonly socket: Pick<ConnectionSocket, 'deliver' | 'forget'>;
  /** What a message of an event is called in its protocol. */
  readonly deliveryType: 'data' | 'next';
  /** An invalidation ends the subscription. */
  invalidate(id: string): void;
  /** Something else ends it, for this reason. */
  endWith(id: string, reason: RequestError): void;
}

/**
 * A subscription of a connection, from when its client asked for it: its resolver may still run. It is where its deliveries go;
 * one object, because what a gateway holds of each subscription is what bounds how many it holds.
 */
export class ConnectionSubscription implements SubscriptionSink, DeliveryTarget {
  readonly head: string;
  /** The owner's, at hand: each object on the way of a delivery is a miss of the processor's cache. */
  private readonly socket: SubscriptionOwner['socket'];
  private subscription: Subscription | undefined;

  constructor(
    private readonly owner: SubscriptionOwner,
    private readonly id: string,
  ) {
    this.socket = owner.socket;
    this.head = deliveryHead(id, owner.deliveryType);
  }

  /** Whether it gets events. */
  get isRegistered(): boolean {
    return this.subscription !== undefined;
  }

  /** Who may see what it selects; undefined until it is registered. */
  get fieldPolicies(): FieldPolicies | undefined {
    return this.subscription?.fieldPolicies;
  }

  /** The credentials of its connection have taken the place of those that started it. */
  renewed(identity: Identity): void {
    if (this.subscription?.revocable) this.subscription.revocable = identity;
  }

  /** From here on it gets events. Throws a RequestError while a sticky invalidation lasts. */
  register(registry: SubscriptionRegistry, accepted: AcceptedSubscription): void {
    this.subscription = registry.add(accepted, this);
  }

  deliver(payload: PayloadText): void {
    this.socket.deliver(this, payload);
  }

  invalidate(): void {
    this.owner.invalidate(this.id);
  }

  fail(reason: RequestError): void {
    this.owner.endWith(this.id, reason);
  }

  /** It gets nothing more, not even what waits. May be called before it is registered. */
  end(registry: SubscriptionRegistry): void {
    this.socket.forget(this);
    if (this.subscription) registry.remove(this.subscription);
  }
}
