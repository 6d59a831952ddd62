import type { Identity } from '#libs/identity';
import { losesFields } from '../../subscription/field-policies.js';
import { ConnectionSubscription } from '../connection-subscription.js';
import { isSameIdentity } from '../identity-key.js';
import { isExpired, outlasts, TokenExpiry } from '../token-expiry.js';
import type { TokenExpiryOptions } from '../token-expiry.js';
import type { SubscriptionRegistry } from '../../subscription/subscription-registry.js';

/** A subscription of AppSync's protocol, with the credentials of its own `start`, which later ones of the same person extend. */
export class LiveSubscription extends ConnectionSubscription {
  /** Undefined where nothing happens when they end: then nobody asks for them either. */
  private identity: Identity | undefined;
  private expiry: TokenExpiry | undefined;

  /** Watches the end of the credentials, where something happens then. */
  hold(identity: Identity, expiry: TokenExpiryOptions): void {
    this.identity = identity;
    this.expiry = new TokenExpiry(expiry);
    this.expiry.watch(identity.expiresAtMs);
  }

  /**
   * Somebody has started another subscription on the connection. Where it is the same person with credentials that last
   * longer, those count here too. False when they allow less than the subscription shows: it may not go on.
   */
  renew(identity: Identity): boolean {
    if (!this.expiry || !this.identity || !isSameIdentity(this.identity, identity)) return true;
    // Too late is too late, even where the timer is a tick behind.
    if (isExpired(this.identity.expiresAtMs) || !outlasts(identity.expiresAtMs, this.identity.expiresAtMs)) return true;
    if (this.fieldPolicies && losesFields(this.fieldPolicies, this.identity, identity)) return false;
    this.identity = identity;
    this.expiry.watch(identity.expiresAtMs);
    return true;
  }

  override end(registry: SubscriptionRegistry): void {
    this.expiry?.stop();
    super.end(registry);
  }
}
