import type { DocumentNode } from 'graphql';
import { DocumentCache } from '#libs/execution';
import type { CheckedDocument, ExecutableApi } from '#libs/execution';
import { readFieldPolicies, readFilteredFields } from './field-policies.js';
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
  /** Who may see the fields that its arguments are compared with, where its resolver sets no filter. */
  readonly filteredFields: FieldPolicies;
  /** Both together. One for all subscriptions of the document, as each of them holds it. */
  readonly filteredPolicies: FieldPolicies;
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
    ...(validationErrors.length > 0 ? noFields : readFields(api, document)),
  }));
}

type Fields = Pick<SubscriptionParts, 'fieldPolicies' | 'filteredFields' | 'filteredPolicies'>;

const noFields: Fields = { fieldPolicies: new Map(), filteredFields: new Map(), filteredPolicies: new Map() };

function readFields(
  { definition, schema }: Pick<ExecutableApi, 'definition' | 'schema'>,
  document: DocumentNode,
): Fields {
  const fieldPolicies = readFieldPolicies(definition, schema, document);
  const filteredFields = readFilteredFields(definition, schema, document);
  return { fieldPolicies, filteredFields, filteredPolicies: new Map([...fieldPolicies, ...filteredFields]) };
}
