import { emptyBody, isJsonObject, parseGraphqlJson, readGraphqlRequest, unparsableQuery } from '#libs/protocol';
import type { GraphqlRequest } from '#libs/protocol';

/**
 * Reads the body of a POST: JSON `{query, variables, operationName}`, or the bare document under `application/graphql`.
 * Throws a RequestError with AppSync's text (AppSync reference, section 9).
 */
export function readBody(body: unknown, contentType: string | undefined): GraphqlRequest {
  if (typeof body !== 'string' || body.trim() === '') throw emptyBody();
  if (isBareDocument(contentType)) return { query: body, variables: {}, operationName: undefined };
  return readGraphqlRequest(parseGraphqlJson(body));
}

/** Not by its beginning: `application/graphql+json` is JSON. */
function isBareDocument(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]!.trim().toLowerCase() === 'application/graphql';
}

/** Reads the query string of a GET: `query`, `variables` as JSON text, `operationName`. */
export function readQueryString(query: unknown): GraphqlRequest {
  if (!isJsonObject(query)) throw unparsableQuery();
  return readGraphqlRequest({
    ...query,
    variables: typeof query.variables === 'string' ? parseGraphqlJson(query.variables) : query.variables,
  });
}
