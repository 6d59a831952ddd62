import { RequestError } from './errors.js';
import { isJsonObject } from './json.js';
import type { JsonValue } from './json.js';

/** What a client asks to be executed, whatever it came over. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/**
 * Reads `{query, variables, operationName}`. Throws the refusal of what is no GraphQL request (AppSync reference, section 9);
 * a batch, a JSON array, is none.
 */
export function readGraphqlRequest(request: unknown): GraphqlRequest {
  if (!isJsonObject(request)) throw unparsableQuery();
  const { query, variables, operationName } = request;
  if (typeof query !== 'string' || query === '') throw unparsableQuery();
  // Null is how clients spell "none"; anything else in these places must not be passed over as if it were.
  if (!isNone(variables) && !isJsonObject(variables)) throw unparsableQuery();
  if (!isNone(operationName) && typeof operationName !== 'string') throw unparsableQuery();
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
}

/** Reads JSON text that a GraphQL request or its variables stand in. Throws the refusal, which quotes none of it. */
export function parseGraphqlJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error is dropped: it quotes the text.
    throw unparsableQuery();
  }
}

/** The answer to everything that is no GraphQL request, a document with syntax errors included. */
export function unparsableQuery(cause?: unknown): RequestError {
  return new RequestError('MALFORMED_REQUEST', 'Unable to parse GraphQL query.', { cause });
}

/** The answer to a body without anything in it. */
export function emptyBody(): RequestError {
  return new RequestError('MALFORMED_REQUEST', 'Request body is empty.');
}

function isNone(value: JsonValue | undefined): value is null | undefined {
  return value === null || value === undefined;
}
