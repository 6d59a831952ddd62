import { FieldError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import type { Condition } from './condition.js';
import { FailedCheckError } from './failed-check-error.js';
import type { Table } from './table.js';
import type { Item } from './typed-value.js';
import { untypeOptionalItem } from './untyped-value.js';

/** A write with a condition, and what AppSync does when the check fails. */
export interface ConditionalWrite {
  readonly key: Item;
  readonly condition: Condition | undefined;
  readonly write: () => Promise<JsonValue>;
  /** True if the stored item is what the write was to bring about, so that the failed check is a success after all. */
  readonly isDone: (current: Item | undefined) => boolean;
}

/**
 * Runs a write. If its check fails, the item is read again: a write that has nothing left to do succeeds with the stored
 * item, every other is the error `DynamoDB:ConditionalCheckFailedException` with the stored item as `data`.
 *
 * The item may change between check and reading. That is AppSync's behaviour; what is reported is an item that was stored
 * at some time after the check. If the reading fails, its error is the result: the outcome is not known then.
 */
export async function writeConditionally(
  table: Table,
  { key, condition, write, isDone }: ConditionalWrite,
): Promise<JsonValue> {
  try {
    return await write();
  } catch (error) {
    if (condition === undefined || !isFailedCheck(error)) throw error;
    const { Item: current } = await table.get({ Key: key, ConsistentRead: condition.consistentRead });
    if (isDone(current)) return untypeOptionalItem(current);
    throw new FailedCheckError(error, current);
  }
}

function isFailedCheck(error: unknown): error is FieldError {
  return error instanceof FieldError && error.errorType === 'DynamoDB:ConditionalCheckFailedException';
}
