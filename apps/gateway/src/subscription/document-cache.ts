import { DocumentCache } from '#libs/execution';
import type { CheckedDocument, ExecutableApi } from '#libs/execution';
import { readFieldPolicies } from './field-policies.js';
import type { FieldPolicies } from './field-policies.js';
import { shapeVariablesOf } from './read-document.js';

/** What the gateway knows of a document beside its validity. */
interface SubscriptionParts {
  /** Tells it apart from all other documents of the cache, also from one with the same text that was dropped before. */
  readonly id: number;
  /** Variables that `@skip` and `@include` look at: with the document they decide the shape of a delivery. */
  readonly shapeVariables: readonly string[];
  /** Who may see the fields it selects: with the document and the identity they decide what is cut. */
  readonly fieldPolicies: FieldPolicies;
}

/** A subscription document, parsed and validated once for all who send the same text. */
export type SubscriptionDocument = CheckedDocument & SubscriptionParts;

/** The subscription documents of an API. */
export function createSubscriptionDocuments(
  api: Pick<ExecutableApi, 'definition' | 'schema'>,
): DocumentCache<SubscriptionParts> {
  let documents = 0;
  return new DocumentCache(api, ({ document, validationErrors }) => ({
    id: (documents += 1),
    shapeVariables: shapeVariablesOf(document),
    fieldPolicies: validationErrors.length > 0 ? new Map() : readFieldPolicies(api.definition, api.schema, document),
  }));
}
