import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../document/document-reader.js';
import type { Decision } from './conflict-handler.js';
import { FailedCheckError } from './failed-check-error.js';
import { selectOperation } from './operations/index.js';
import type { Operation, OperationContext } from './operations/operation.js';
import { createRetryDocument } from './retry-document.js';
import type { Item } from './typed-value.js';
import { untypeOptionalItem } from './untyped-value.js';

/**
 * Runs a write and lets a function decide if its check fails: the error stands, the stored item is the result, or another
 * document is run in its place, once. A second failed check is an error.
 */
export async function runWithHandler(
  operation: Operation,
  document: DocumentReader,
  context: OperationContext,
  decide: (current: Item | undefined) => Promise<Decision>,
): Promise<JsonValue> {
  try {
    return await operation.run(document, context);
  } catch (error) {
    if (!(error instanceof FailedCheckError)) throw error;
    const decision = await decide(error.current);
    switch (decision.action) {
      case 'reject':
        throw error;
      case 'discard':
        return untypeOptionalItem(error.current);
      case 'retry': {
        const retry = createRetryDocument(document, decision.retryMapping);
        return selectOperation(retry).run(retry, context);
      }
    }
  }
}
