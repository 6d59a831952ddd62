import type { Identity } from '#libs/identity';
import type { RequestError } from '#libs/protocol';
import type { PayloadText } from '../../fanout/payload-text.js';
import { losesFields } from '../../subscription/field-policies.js';
import type { AcceptedSubscription, Subscription, SubscriptionSink } from '../../subscription/subscription.js';
import type { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import type { ConnectionSocket } from '../connection-socket.js';
import { deliveryHead } from '../frame.js';
import type { DeliveryTarget } from '../held-deliveries.js';
import { isSameIdentity } from '../identity-key.js';
import { isExpired, outlasts, TokenExpiry } from '../token-expiry.js';
import type { TokenExpiryOptions } from '../token-expiry.js';

/** The connection of subscriptions, as they see it. */
export interface SubscriptionOwner {
  readonly socket: Pick<ConnectionSocket, 'deliver' | 'forget'>;
  /** An invalidation ends the subscription. */
  invalidate(id: string): void;
  /** Something else ends it, for this reason. */
  endWith(id: string, reason: RequestError): void;
}

/**
 * A subscription of AppSync's protocol, from its `start` on, with the credentials of that, which later ones of the same person
 * extend. It is where its deliveries go.
 */
export class LiveSubscription implements SubscriptionSink, DeliveryTarget {
  readonly head: string;
  private subscription: Subscription | undefined;
  /** Undefined where nothing happens when they end: then nobody asks for them either. */
  private identity: Identity | undefined;
  private expiry: TokenExpiry | undefined;

  constructor(
    private readonly owner: SubscriptionOwner,
    private readonly id: string,
  ) {
    this.head = deliveryHead(id, 'data');
  }

  /** Whether its resolver has run, and it gets events. */
  get isRegistered(): boolean {
    return this.subscription !== undefined;
  }

  /** Throws a RequestError while a sticky invalidation lasts. `expiry`: what happens when the credentials end; undefined: nothing. */
  register(
    registry: SubscriptionRegistry,
    accepted: AcceptedSubscription,
    identity: Identity,
    expiry: TokenExpiryOptions | undefined,
  ): void {
    this.subscription = registry.add(accepted, this);
    if (!expiry) return;
    this.identity = identity;
    this.expiry = new TokenExpiry(expiry);
    this.expiry.watch(identity.expiresAtMs);
  }

  deliver(payload: PayloadText): void {
    this.owner.socket.deliver(this, payload);
  }

  invalidate(): void {
    this.owner.invalidate(this.id);
  }

  fail(reason: RequestError): void {
    this.owner.endWith(this.id, reason);
  }

  /**
   * Somebody has started another subscription on the connection. Where it is the same person with credentials that last
   * longer, those count here too. False when they allow less than the subscription shows: it may not go on.
   */
  renew(identity: Identity): boolean {
    if (!this.expiry || !this.subscription || !this.identity || !isSameIdentity(this.identity, identity)) return true;
    // Too late is too late, even where the timer is a tick behind.
    if (isExpired(this.identity.expiresAtMs) || !outlasts(identity.expiresAtMs, this.identity.expiresAtMs)) return true;
    if (losesFields(this.subscription.fieldPolicies, this.identity, identity)) return false;
    this.identity = identity;
    this.expiry.watch(identity.expiresAtMs);
    return true;
  }

  /** It gets nothing more. May be called before it is registered. */
  end(registry: SubscriptionRegistry): void {
    this.expiry?.stop();
    this.owner.socket.forget(this);
    if (this.subscription) registry.remove(this.subscription);
  }
}
