import type { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError, missingElement } from '../document/mapping-template-error.js';
import { readExpressionMembers } from './expression.js';
import type { Expression } from './expression.js';

/** A `condition` element: when a write may happen, and how the item is looked at if it may not. */
export interface Condition extends Expression {
  /** Attributes that do not count when a refused PutItem is compared with the stored item. Default none. */
  readonly equalsIgnore: readonly string[];
  /** Whether the item is read again strongly consistently after a failed check. Default true. */
  readonly consistentRead: boolean;
}

/** Reads the `condition` of a PutItem, UpdateItem or DeleteItem (AppSync reference, section 8.2). */
export function readCondition(document: DocumentReader): Condition | undefined {
  const reader = document.optionalChild('condition');
  if (reader === undefined) return undefined;
  reader.allowOnly([
    'expression',
    'expressionNames',
    'expressionValues',
    'equalsIgnore',
    'consistentRead',
    'conditionalCheckFailedHandler',
  ]);
  assertRejects(reader.optionalChild('conditionalCheckFailedHandler'));
  return {
    ...readExpressionMembers(reader),
    equalsIgnore: reader.optionalStrings('equalsIgnore') ?? [],
    consistentRead: reader.optionalBoolean('consistentRead') ?? true,
  };
}

function assertRejects(handler: DocumentReader | undefined): void {
  if (handler === undefined) return;
  handler.allowOnly(['strategy', 'lambdaArn']);
  const strategy = handler.optionalChoice('strategy', ['Reject', 'Custom']);
  if (strategy === undefined) throw missingElement(handler.pathOf('strategy'));
  if (strategy === 'Custom') {
    throw mappingTemplateError(
      `Strategy 'Custom' for field '${handler.pathOf('strategy')}' is not available: it needs a Lambda function. Use 'Reject'.`,
    );
  }
}
