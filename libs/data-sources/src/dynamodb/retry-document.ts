import type { JsonObject } from '#libs/protocol';

import { DocumentReader } from '../document/document-reader.js';
import { mappingTemplateError } from '../document/mapping-template-error.js';
import { equalItems } from './equal-values.js';
import { readTypedValues } from './typed-value.js';

/**
 * The document that a conflict handler wants run in place of the one whose check failed: its `retryMapping`, for the same
 * operation on the same key. It may name both as long as they are the same. Nothing else is taken from the first document, so
 * without a `condition` the retry has none.
 *
 * @throws FieldError `MappingTemplate` for another operation or key, or another handler
 */
export function createRetryDocument(first: DocumentReader, retryMapping: JsonObject): DocumentReader {
  const mapping = new DocumentReader(retryMapping, '$[retryMapping]');
  const { operation, key } = first.object;
  const otherOperation = mapping.optional('operation') ?? operation;
  if (otherOperation !== operation) throw mustBeSame(mapping.pathOf('operation'));
  const otherKey = mapping.optionalChild('key');
  if (otherKey && !equalItems(readTypedValues(otherKey), readTypedValues(first.child('key')))) {
    throw mustBeSame(mapping.pathOf('key'));
  }
  const same = { operation: operation ?? null, key: key ?? null };
  return new DocumentReader({ ...retryMapping, ...same, condition: readCondition(mapping) }, mapping.path);
}

/** AppSync's guide has conditions without an expression here, which then say nothing. */
function readCondition(mapping: DocumentReader): JsonObject | null {
  const condition = mapping.optionalChild('condition');
  if (condition === undefined) return null;
  const details = ['equalsIgnore', 'consistentRead'];
  if (condition.optional('expression') === undefined) {
    condition.allowOnly(['expression', ...details]);
    return null;
  }
  condition.allowOnly(['expression', 'expressionNames', 'expressionValues', ...details]);
  return condition.object;
}

function mustBeSame(path: string) {
  return mappingTemplateError(`Expected the same value for field '${path}' as in the document that is tried again.`);
}
