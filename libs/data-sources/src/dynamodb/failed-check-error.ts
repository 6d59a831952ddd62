import { FieldError } from '#libs/protocol';

import type { Item } from './typed-value.js';
import { untypeOptionalItem } from './untyped-value.js';

/**
 * A write that its condition refused, with the stored item as `data`: what a client is told if nobody decides otherwise.
 * A conflict handler needs the item's types, too.
 */
export class FailedCheckError extends FieldError {
  readonly #current: Item | undefined;

  /**
   * @param refusal DynamoDB's, which has no item
   * @param current the item as it was read after the check; undefined if there was none
   */
  constructor(refusal: FieldError, current: Item | undefined) {
    super(refusal.message, refusal.errorType, untypeOptionalItem(current), null, { cause: refusal.cause });
    this.#current = current;
  }

  get current(): Item | undefined {
    return this.#current;
  }
}
