import type { JsonValue } from '#libs/protocol';
import { payloadText } from './payload-text.js';
import type { PayloadText } from './payload-text.js';
import type { Projection } from './projection.js';

/**
 * Subscriptions of one field to which every event looks the same, whatever their filters: same selection once its fragments,
 * variables and denied fields are resolved. Its text of an event is made once (docs/adr/0012-delivery-groups.md).
 */
export class DeliveryGroup {
  constructor(private readonly projection: Projection) {}

  get key(): string {
    return this.projection.key;
  }

  /** What its subscriptions get of an event. */
  textOf(payload: JsonValue): PayloadText {
    return payloadText(this.projection.project(payload));
  }
}
