import type { FilterGroup } from '#libs/filter';
import type { Identity } from '#libs/identity';
import type { RequestError } from '#libs/protocol';
import type { DeliveryGroup } from '../fanout/delivery-group.js';
import type { PayloadText } from '../fanout/payload-text.js';
import type { Projection } from '../fanout/projection.js';
import type { FieldPolicies } from './field-policies.js';

/** A subscription that was accepted: what decides which events it gets, and what they look like. */
export interface AcceptedSubscription {
  /** The field of type Subscription. */
  readonly field: string;
  /** Which payloads it wants: the filter its resolver set, else its arguments. */
  readonly filter: FilterGroup;
  /** Which invalidations end it; null when its resolver set none, then none does. */
  readonly invalidationFilter: FilterGroup | null;
  readonly projection: Projection;
  /** Who may see the fields of its document: asked again when its client renews its credentials. */
  readonly fieldPolicies: FieldPolicies;
  /** Who started it, where their credentials may be withdrawn while they last; undefined for all others. */
  readonly revocable: Identity | undefined;
}

/** Where a subscription's deliveries go: one per protocol. None may throw. */
export interface SubscriptionSink {
  /** Sends `{data, errors?}`. */
  deliver(payload: PayloadText): void;
  /** Ends the subscription because an invalidation matched, and tells the client. */
  invalidate(): void;
  /** Ends the subscription for this reason, and tells the client. Its connection goes on. */
  fail(reason: RequestError): void;
}

/** A subscription that is registered. Its filters are the index's from here on: what it holds itself is this. */
export interface Subscription extends Pick<AcceptedSubscription, 'field' | 'fieldPolicies'> {
  /** Whose credentials it stands on, where they may be withdrawn; others after a renewal. */
  revocable: Identity | undefined;
  readonly group: DeliveryGroup;
  readonly sink: SubscriptionSink;
  /** False once it was removed: it gets nothing more, not even what had matched before. */
  readonly isLive: boolean;
}
