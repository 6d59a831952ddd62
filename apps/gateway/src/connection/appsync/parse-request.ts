import { isJsonObject, RequestError } from '#libs/protocol';
import type { GraphqlRequest } from '#libs/protocol';

/** Reads `payload.data` of a `start`: JSON text of `{query, variables?, operationName?}`. Throws a RequestError that quotes none of it. */
export function parseRequest(data: string): GraphqlRequest {
  let request: unknown;
  try {
    request = JSON.parse(data);
  } catch {
    // The parser's own error is dropped: it quotes the text.
    throw new RequestError('BAD_REQUEST', 'payload.data is not JSON text.');
  }
  if (!isJsonObject(request) || typeof request.query !== 'string') {
    throw new RequestError('BAD_REQUEST', 'payload.data needs a query.');
  }
  return {
    query: request.query,
    variables: isJsonObject(request.variables) ? request.variables : {},
    operationName: typeof request.operationName === 'string' ? request.operationName : undefined,
  };
}
