import { DocumentCache } from '#libs/execution';
import type { CheckedDocument, ExecutableApi } from '#libs/execution';
import type { Projection } from '../fanout/projection.js';
import { readFieldPolicies } from './field-policies.js';
import type { FieldPolicies } from './field-policies.js';
import { shapeVariablesOf } from './read-document.js';

/** What the gateway knows of a document beside its validity. */
interface SubscriptionParts {
  /** Variables that `@skip` and `@include` look at: with the document they decide the shape of a delivery. */
  readonly shapeVariables: readonly string[];
  /** Who may see the fields it selects: with the document and the identity they decide what is cut. */
  readonly fieldPolicies: FieldPolicies;
  /** Compiled selections by operation, shape variables and denied fields, shared by all subscriptions that select the same. */
  readonly projections: Map<string, Projection>;
}

/** A subscription document, parsed and validated once for all who send the same text. */
export type SubscriptionDocument = CheckedDocument & SubscriptionParts;

/** The subscription documents of an API. */
export function createSubscriptionDocuments(
  api: Pick<ExecutableApi, 'definition' | 'schema'>,
): DocumentCache<SubscriptionParts> {
  return new DocumentCache(api, ({ document, validationErrors }) => ({
    shapeVariables: shapeVariablesOf(document),
    fieldPolicies: validationErrors.length > 0 ? new Map() : readFieldPolicies(api.definition, api.schema, document),
    projections: new Map(),
  }));
}
