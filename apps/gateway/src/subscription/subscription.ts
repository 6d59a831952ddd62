import type { FilterGroup } from '#libs/filter';
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
}

/** Where a subscription's deliveries go: one per protocol. Neither may throw. */
export interface SubscriptionSink {
  /** Sends JSON text of `{data, errors?}`. */
  deliver(result: string): void;
  /** Ends the subscription because an invalidation matched, and tells the client. */
  invalidate(): void;
}

/** An accepted subscription that is registered. */
export interface Subscription extends AcceptedSubscription {
  readonly sink: SubscriptionSink;
}
