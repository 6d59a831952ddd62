import {
  getOperationAST,
  GraphQLError,
  Kind,
  Lexer,
  OperationTypeNode,
  parse,
  Source,
  TokenKind,
  visit,
} from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { RequestError } from '#libs/protocol';

/** Longest document that is parsed, in characters; about AppSync's 15,000 tokens of ordinary query text. */
export const maxDocumentLength = 100_000;

/** Token bound of the parser: a document beyond it is refused before it costs memory. AppSync: 15,000. */
export const maxTokens = 15_000;

/** Deepest nesting of braces, brackets and parentheses. The parser recurses, so without a bound a document could exhaust its stack. */
export const maxNesting = 200;

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Parses a document that anybody may have sent. Throws a RequestError when it is not GraphQL, or too large to look at. */
export function parseDocument(text: string): DocumentNode {
  if (text.length > maxDocumentLength) {
    throw new RequestError('BAD_REQUEST', `The query is longer than ${maxDocumentLength} characters.`);
  }
  try {
    assertNesting(text);
    return parse(text, { maxTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new RequestError('BAD_REQUEST', `Unable to parse GraphQL query. ${cause.message}`);
  }
}

function assertNesting(text: string): void {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (opening.has(token.kind)) nesting += 1;
    else if (closing.has(token.kind)) nesting -= 1;
    if (nesting > maxNesting)
      throw new RequestError('BAD_REQUEST', `The query nests deeper than ${maxNesting} levels.`);
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
      `A ${operation.operation} can't be run over a WebSocket; send it to the GraphQL endpoint over HTTP.`,
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
