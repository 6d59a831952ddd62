export {
  appSyncMessages,
  appSyncSubprotocol,
  idOfRefusedMessage,
  maxSubscriptionIdLength,
  parseAppSyncMessage,
} from './appsync/messages.js';
export type { AppSyncClientMessage, AppSyncMessageError } from './appsync/messages.js';
export { lowerCaseHeaders, readHandshakeHeaders } from './appsync/handshake-header.js';
export type { HandshakeSource } from './appsync/handshake-header.js';
export { closes, libraryCloses } from './close-codes.js';
export type { Close, CloseName } from './close-codes.js';
export { createDictionary } from './dictionary.js';
export { FieldError } from './field-error.js';
export { errors, RequestError, unauthorizedTexts } from './errors.js';
export type { ErrorCode, ErrorDefinition } from './errors.js';
export { emptyBody, parseGraphqlJson, readGraphqlRequest, unparsableQuery } from './graphql-request.js';
export type { GraphqlRequest } from './graphql-request.js';
export { isJsonObject } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
