import { getOperationAST, GraphQLError, Kind, OperationTypeNode, visit } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import type { DocumentCache } from '#libs/execution';
import { RequestError } from '#libs/protocol';

/**
 * Longest document that is parsed, in characters: as many as the tokens that the API allows take in ordinary query text, and half again.
 * Default 100,000 for 15,000 tokens.
 */
export function maxDocumentLength({ maxTokens }: Pick<ApiLimits, 'maxTokens'>): number {
  return Math.floor((maxTokens * 20) / 3);
}

/** Finds or reads a document that anybody may have sent. Throws a RequestError when it is not GraphQL, or passes a limit of the API. */
export function readDocument<Documents extends Pick<DocumentCache, 'get'>>(
  documents: Documents,
  text: string,
  limits: Pick<ApiLimits, 'maxTokens'>,
): ReturnType<Documents['get']> {
  const maxLength = maxDocumentLength(limits);
  if (text.length > maxLength)
    throw new RequestError('BAD_REQUEST', `The query is longer than ${maxLength} characters.`);
  try {
    return documents.get(text) as ReturnType<Documents['get']>;
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new RequestError('BAD_REQUEST', `Unable to parse GraphQL query. ${cause.message}`);
  }
}

/** Names of the variables that `@skip` and `@include` look at, sorted. */
export function shapeVariablesOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/**
 * The subscription operation of a document; an empty name is no name, as in AppSync's graphql-java. Throws a RequestError when
 * there is none, or another kind of operation is meant.
 */
export function requireSubscription(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName || undefined);
  if (!operation) throw new RequestError('BAD_REQUEST', whyNoOperation(document, operationName));
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw new RequestError(
      'OPERATION_NOT_SUPPORTED',
      `A ${operation.operation} can't be run here; send it to the GraphQL endpoint over HTTP.`,
    );
  }
  return operation;
}

function whyNoOperation(document: DocumentNode, operationName: string | undefined): string {
  if (operationName) return `The document has no operation named ${JSON.stringify(operationName.slice(0, 80))}.`;
  return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    ? 'The document has several operations; operationName must say which.'
    : 'The document has no operation.';
}
