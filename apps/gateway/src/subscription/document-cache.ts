import { getOperationAST, GraphQLError, Kind, OperationTypeNode, parse, visit } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { validateDocument } from '#libs/execution';
import type { AppSyncValidationError } from '#libs/execution';
import { RequestError } from '#libs/protocol';
import type { Projection } from '../fanout/projection.js';

/** Longest document that is parsed, in characters; about AppSync's 15,000 tokens of ordinary query text. */
const maxDocumentLength = 100_000;

/** Documents kept. A deployed client has a handful of subscription documents, so this is many clients' worth. */
const maxDocuments = 1_000;

/** Token bound of the parser: a document beyond it is refused before it costs memory. AppSync: 15,000. */
const maxTokens = 15_000;

/** A subscription document, parsed and validated once for all who send the same text. */
export interface SubscriptionDocument {
  readonly document: DocumentNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Empty when the document is valid. */
  readonly validationErrors: readonly AppSyncValidationError[];
  /** Variables that `@skip` and `@include` look at: with the document they decide the shape of a delivery. */
  readonly shapeVariables: readonly string[];
  /** Compiled selections by operation and shape variables, shared by all subscriptions that select the same. */
  readonly projections: Map<string, Projection>;
}

/** Keeps parsed documents by their text, the least recently used dropped first. */
export class DocumentCache {
  private readonly documents = new Map<string, SubscriptionDocument>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Throws a RequestError when the text is not GraphQL. */
  get(text: string): SubscriptionDocument {
    const known = this.documents.get(text);
    if (known) this.documents.delete(text);
    const document = known ?? readDocument(this.schema, text);
    this.documents.set(text, document);
    if (this.documents.size > maxDocuments) this.documents.delete(this.documents.keys().next().value!);
    return document;
  }
}

function readDocument(schema: GraphQLSchema, text: string): SubscriptionDocument {
  if (text.length > maxDocumentLength) {
    throw new RequestError('BAD_REQUEST', `The query is longer than ${maxDocumentLength} characters.`);
  }
  const document = parseDocument(text);
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as Record<
    string,
    FragmentDefinitionNode
  >;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return {
    document,
    fragments,
    validationErrors: validateDocument(schema, document),
    shapeVariables: findShapeVariables(document),
    projections: new Map(),
  };
}

function parseDocument(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new RequestError('BAD_REQUEST', `Unable to parse GraphQL query. ${cause.message}`, { cause });
  }
}

function findShapeVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** The subscription operation of a document. Throws a RequestError when there is none, or another kind of operation is meant. */
export function requireSubscription(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw new RequestError(
      'BAD_REQUEST',
      operationName
        ? `The document has no operation named ${JSON.stringify(operationName.slice(0, 80))}.`
        : 'The document has several operations; operationName must say which.',
    );
  }
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw new RequestError(
      'OPERATION_NOT_SUPPORTED',
      `A ${operation.operation} can't be run over a WebSocket; send it to the GraphQL endpoint over HTTP.`,
    );
  }
  return operation;
}
