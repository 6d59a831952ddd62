import type { JsonObject } from '#libs/protocol';
import type { Credentials, SentRequest } from '../credentials.js';
import { readSentOperation } from './sent-operation.js';

/** What an event says of the API it comes from. */
export interface AuthoriserSource {
  readonly apiId: string;
  readonly accountId: string;
}

/**
 * The event of a Lambda authoriser (AppSync reference, section 6). `requestHeaders` are all headers of the request, the one with
 * the token among them; their names are in lower case.
 *
 * @throws UnreadableRequestError
 */
export function toAuthoriserEvent(
  token: string,
  { headers }: Credentials,
  request: SentRequest,
  { apiId, accountId }: AuthoriserSource,
): JsonObject {
  return {
    authorizationToken: token,
    requestContext: { apiId, accountId, requestId: request.requestId, ...readSentOperation(request) },
    requestHeaders: Object.fromEntries(Object.entries(headers).filter(isSent)),
  };
}

function isSent(header: [string, string | undefined]): header is [string, string] {
  return header[1] !== undefined;
}
