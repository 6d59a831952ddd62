import type { Identity } from '#libs/identity';
import { ConnectionSubscription } from '../connection-subscription.js';
import type { RequestError } from '#libs/protocol';
import { isSameIdentity } from '../identity-key.js';
import { reasonToEnd } from '../renewal.js';
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
   * longer, those count here too. Returns why it may not go on with them, if so.
   */
  renew(identity: Identity): RequestError | undefined {
    if (!this.expiry || !this.identity || !isSameIdentity(this.identity, identity)) return undefined;
    // Too late is too late, even where the timer is a tick behind.
    if (isExpired(this.identity.expiresAtMs) || !outlasts(identity.expiresAtMs, this.identity.expiresAtMs))
      return undefined;
    const reason = this.fieldPolicies && reasonToEnd(this.fieldPolicies, this.identity, identity);
    if (reason) return reason;
    this.identity = identity;
    this.expiry.watch(identity.expiresAtMs);
    return undefined;
  }

  override end(registry: SubscriptionRegistry): void {
    this.expiry?.stop();
    super.end(registry);
  }
}
