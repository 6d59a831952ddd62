import { isJsonObject, RequestError } from '#libs/protocol';

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
  if (contentType?.startsWith('application/graphql')) return { query: body, variables: {}, operationName: undefined };
  return readRequest(parseJson(body));
}

/** Reads the query string of a GET: `query`, `variables` as JSON text, `operationName`. */
export function readQueryString(query: unknown): GraphqlRequest {
  if (!isJsonObject(query)) throw unparsable();
  return readRequest({ ...query, variables: typeof query.variables === 'string' ? parseJson(query.variables) : {} });
}

function readRequest(request: unknown): GraphqlRequest {
  if (!isJsonObject(request) || typeof request.query !== 'string') throw unparsable();
  return {
    query: request.query,
    variables: isJsonObject(request.variables) ? request.variables : {},
    operationName: typeof request.operationName === 'string' ? request.operationName : undefined,
  };
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
