import type { DocumentReader } from '../document/document-reader.js';
import { missingElement, wrongElement } from '../document/mapping-template-error.js';
import { readExpressionMembers } from './expression.js';
import type { Expression } from './expression.js';

/** A `condition` element: when a write may happen, and how the item is looked at if it may not. */
export interface Condition extends Expression {
  /** Attributes that do not count when a refused PutItem is compared with the stored item. Default none. */
  readonly equalsIgnore: readonly string[];
  /** Whether the item is read again strongly consistently after a failed check. Default true. */
  readonly consistentRead: boolean;
}

/** A function with or without a version or alias. Its region becomes part of a host name, so nothing else may stand there. */
const lambdaArnPattern = /^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;

/** What a data source may be called. No address and no path is one. */
const dataSourceNamePattern = /^[A-Za-z_]\w*$/;

/**
 * Reads the `condition` of a PutItem, UpdateItem or DeleteItem (AppSync reference, section 8.2). Its handler is read by
 * {@link readConflictHandlerName}.
 */
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
  return {
    ...readExpressionMembers(reader),
    equalsIgnore: reader.optionalStrings('equalsIgnore') ?? [],
    consistentRead: reader.optionalBoolean('consistentRead') ?? true,
  };
}

/**
 * The function that a document's condition wants asked when its check fails, strategy `Custom`: the ARN of one in AWS or, as a
 * function elsewhere has none, the name of a data source that is one. Undefined where such a write is refused, strategy `Reject`
 * and the default.
 */
export function readConflictHandlerName(document: DocumentReader): string | undefined {
  const handler = document.optionalChild('condition')?.optionalChild('conditionalCheckFailedHandler');
  if (handler === undefined) return undefined;
  handler.allowOnly(['strategy', 'lambdaArn']);
  const strategy = handler.optionalChoice('strategy', ['Reject', 'Custom']);
  if (strategy === undefined) throw missingElement(handler.pathOf('strategy'));
  if (strategy === 'Reject') return undefined;
  const lambdaArn = handler.string('lambdaArn');
  if (lambdaArnPattern.test(lambdaArn) || dataSourceNamePattern.test(lambdaArn)) return lambdaArn;
  throw wrongElement(
    handler.pathOf('lambdaArn'),
    'the ARN of a Lambda function or the name of a data source',
    lambdaArn,
  );
}
