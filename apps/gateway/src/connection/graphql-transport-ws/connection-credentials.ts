import type { Identity } from '#libs/identity';
import { RequestError, unauthorizedTexts } from '#libs/protocol';
import type { GatewayOptions } from '../../gateway-options.js';
import { requireInTime, requireSuccessor } from '../renewal.js';
import { isExpired, TokenExpiry } from '../token-expiry.js';
import type { TimerWheel } from '../timer-wheel.js';

type Headers = Readonly<Record<string, string>>;

/** The connection whose credentials they are. */
export interface CredentialsOwner {
  /** Throws as an authenticator does. */
  authenticate(headers: Headers): Promise<Identity>;
  /** They are about to end. */
  warn(leftMs: number): void;
  /** They have ended. */
  expired(): void;
  /** Others have taken the place of those in use. */
  renewed(before: Identity, after: Identity): void;
}

/** How a renewal went, as its `pong` says. */
export type RenewalAnswer =
  { readonly renewed: true; readonly expiresAt: string | null } | { readonly renewed: false; readonly message: string };

/** Who a connection of graphql-transport-ws is: known from `connection_init` on, and renewed by pings. */
export class ConnectionCredentials {
  /** Only where they end, and something happens then. */
  private expiry: TokenExpiry | undefined;
  private current: Identity | undefined;
  private currentHeaders: Headers = {};
  private isRenewing = false;

  constructor(
    private readonly owner: CredentialsOwner,
    private readonly timers: TimerWheel,
    private readonly options: Pick<GatewayOptions, 'onTokenExpiry' | 'tokenExpiryWarningMs'>,
  ) {}

  /** Must be known. */
  get identity(): Identity {
    if (!this.current) throw new Error('The connection is not authorised yet.');
    return this.current;
  }

  /** Who the connection is, with what that allows now. Throws a RequestError when the credentials were withdrawn meanwhile. */
  requireStanding(): Identity {
    const { identity } = this;
    if (!identity.current) return identity;
    const now = identity.current();
    if (now === null) throw new RequestError('UNAUTHORIZED', unauthorizedTexts.denied);
    return (this.current = now);
  }

  /** What the client has sent with `connection_init` and with renewals, names in lower case. */
  get headers(): Headers {
    return this.currentHeaders;
  }

  /** Throws as an authenticator does. Nothing is held until `hold`. */
  verify(headers: Headers): Promise<Identity> {
    this.currentHeaders = headers;
    return this.owner.authenticate(headers);
  }

  /** From here on the connection is theirs. */
  hold(identity: Identity): void {
    this.current = identity;
    if (this.options.onTokenExpiry.graphqlTransportWs === 'keep') return;
    if (identity.expiresAtMs !== null) this.expiry ??= this.createExpiry();
    this.expiry?.watch(identity.expiresAtMs);
  }

  /** Throws a RequestError when they have ended. */
  requireUnexpired(): void {
    if (isExpired(this.identity.expiresAtMs)) throw new RequestError('UNAUTHORIZED', unauthorizedTexts.expired);
  }

  /** Puts newer credentials of the same person or machine in the place of those in use, if they are good and these have not ended. */
  async renew(headers: Headers): Promise<RenewalAnswer> {
    try {
      const next = await this.verifyRenewal(headers);
      const before = this.identity;
      requireSuccessor(before, next);
      this.currentHeaders = { ...this.currentHeaders, ...headers };
      this.hold(next);
      this.owner.renewed(before, next);
      const { expiresAtMs } = next;
      return { renewed: true, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { renewed: false, message: error.message };
    }
  }

  /** The connection is over: nothing ends any more. */
  stop(): void {
    this.expiry?.stop();
  }

  private createExpiry(): TokenExpiry {
    return new TokenExpiry({
      timers: this.timers,
      warningMs: this.options.tokenExpiryWarningMs,
      onWarning: (leftMs) => this.owner.warn(leftMs),
      onExpired: () => this.owner.expired(),
    });
  }

  private async verifyRenewal(headers: Headers): Promise<Identity> {
    if (!this.current) throw new RequestError('BAD_REQUEST', 'Send connection_init first.');
    if (this.isRenewing) throw new RequestError('BAD_REQUEST', 'A renewal is under way.');
    requireInTime(this.current);
    this.isRenewing = true;
    try {
      return await this.owner.authenticate(headers);
    } finally {
      this.isRenewing = false;
    }
  }
}
