import { isJsonObject, RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/** A GraphQL request as it came over HTTP. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/**
 * Reads the body of a POST: JSON `{query, variables, operationName}`, or the bare document under `application/graphql`.
 * Throws a RequestError with AppSync's text (AppSync reference, section 9). Batches, a JSON array, are refused.
 */
export function readBody(body: unknown, contentType: string | undefined): GraphqlRequest {
  if (typeof body !== 'string' || body.trim() === '')
    throw new RequestError('MALFORMED_REQUEST', 'Request body is empty.');
  if (isBareDocument(contentType)) return { query: body, variables: {}, operationName: undefined };
  return readRequest(parseJson(body));
}

/** Not by its beginning: `application/graphql+json` is JSON. */
function isBareDocument(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]!.trim().toLowerCase() === 'application/graphql';
}

/** Reads the query string of a GET: `query`, `variables` as JSON text, `operationName`. */
export function readQueryString(query: unknown): GraphqlRequest {
  if (!isJsonObject(query)) throw unparsable();
  return readRequest({
    ...query,
    variables: typeof query.variables === 'string' ? parseJson(query.variables) : query.variables,
  });
}

function readRequest(request: unknown): GraphqlRequest {
  if (!isJsonObject(request)) throw unparsable();
  const { query, variables, operationName } = request;
  if (typeof query !== 'string' || query === '') throw unparsable();
  // Null is how clients spell "none"; anything else in these places must not be passed over as if it were.
  if (!isNone(variables) && !isJsonObject(variables)) throw unparsable();
  if (!isNone(operationName) && typeof operationName !== 'string') throw unparsable();
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
}

function isNone(value: JsonValue | undefined): value is null | undefined {
  return value === null || value === undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unparsable(cause);
  }
}

/** The answer to everything that is no GraphQL request, a document with syntax errors included. */
export function unparsable(cause?: unknown): RequestError {
  return new RequestError('MALFORMED_REQUEST', 'Unable to parse GraphQL query.', { cause });
}
