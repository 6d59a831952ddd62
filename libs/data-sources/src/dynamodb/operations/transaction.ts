import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { FieldError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../../document/document-reader.js';
import { untypeOptionalItem } from '../untyped-value.js';

/** The `transactItems` of a transaction: 1 to 100, DynamoDB's limit. */
export function readTransactItems(document: DocumentReader): readonly DocumentReader[] {
  return document.children('transactItems', { minimum: 1, maximum: 100 });
}

/**
 * Runs a transaction and answers `{<name>: …, cancellationReasons: null}`. If DynamoDB cancels it, the error comes with
 * `{<name>: null, cancellationReasons: [{type, message, item}]}`, one reason for each item of the document in its order:
 * type `None` for those that were not in the way. `item` is the stored item where a condition failed, else null.
 */
export async function runTransaction(
  name: 'items' | 'keys',
  run: () => Promise<readonly JsonValue[]>,
): Promise<JsonValue> {
  try {
    return { [name]: await run(), cancellationReasons: null };
  } catch (error) {
    if (!(error instanceof FieldError) || !(error.cause instanceof TransactionCanceledException)) throw error;
    const result = { [name]: null, cancellationReasons: toReasons(error.cause) };
    throw new FieldError(error.message, error.errorType, result, error.errorInfo, { cause: error.cause });
  }
}

function toReasons({ CancellationReasons: reasons = [] }: TransactionCanceledException): JsonValue {
  return reasons.map(({ Code: code = 'None', Message: message = null, Item: item }) => ({
    type: code,
    message,
    item: untypeOptionalItem(item),
  }));
}
