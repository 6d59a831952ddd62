import type { Identity } from '#libs/identity';
import { losesFields } from '../../subscription/field-policies.js';
import type { Subscription } from '../../subscription/subscription.js';
import { isSameIdentity } from '../identity-key.js';
import { isExpired, outlasts, TokenExpiry } from '../token-expiry.js';
import type { TokenExpiryOptions } from '../token-expiry.js';

/** A subscription of AppSync's protocol, with the credentials of its own `start`, which later ones of the same person extend. */
export class LiveSubscription {
  private readonly expiry: TokenExpiry | undefined;

  /** `expiry`: what happens when the credentials end; undefined where nothing does. */
  constructor(
    readonly subscription: Subscription,
    private identity: Identity,
    expiry: TokenExpiryOptions | undefined,
  ) {
    this.expiry = expiry && new TokenExpiry(expiry);
    this.expiry?.watch(identity.expiresAtMs);
  }

  /**
   * Somebody has started another subscription on the connection. Where it is the same person with credentials that last
   * longer, those count here too. False when they allow less than the subscription shows: it may not go on.
   */
  renew(identity: Identity): boolean {
    if (!this.expiry || !isSameIdentity(this.identity, identity)) return true;
    // Too late is too late, even where the timer is a tick behind.
    if (isExpired(this.identity.expiresAtMs) || !outlasts(identity.expiresAtMs, this.identity.expiresAtMs)) return true;
    if (losesFields(this.subscription.fieldPolicies, this.identity, identity)) return false;
    this.identity = identity;
    this.expiry.watch(identity.expiresAtMs);
    return true;
  }

  end(): void {
    this.expiry?.stop();
  }
}
