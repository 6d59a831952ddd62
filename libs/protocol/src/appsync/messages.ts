import { RequestError } from '../errors.js';
import { isJsonObject } from '../json.js';
import type { JsonObject, JsonValue } from '../json.js';

/** The WebSocket subprotocol of AppSync's realtime endpoint. Not today's `graphql-ws` library, whose protocol is graphql-transport-ws. */
export const appSyncSubprotocol = 'graphql-ws';

/** Longest subscription id that is accepted, in UTF-16 units. Amplify sends 36; AppSync documents no bound. */
export const maxSubscriptionIdLength = 128;

/** What a client of AppSync's protocol may send (AppSync reference, section 3.3). */
export type AppSyncClientMessage =
  | { readonly type: 'connection_init' }
  | {
      readonly type: 'start';
      readonly id: string;
      /** The GraphQL request: JSON text with `query`, `variables` and perhaps `operationName`. */
      readonly data: string;
      /** Headers that authorise this subscription; null where the client sent none. */
      readonly authorization: JsonObject | null;
    }
  | { readonly type: 'stop'; readonly id: string };

/** An error inside a message of this server. `errorCode` is AppSync's numeric code, given where a client looks at it. */
export interface AppSyncMessageError {
  readonly errorType?: string | null;
  readonly message: string;
  readonly errorCode?: number;
  readonly [member: string]: unknown;
}

/**
 * Reads one text frame. Throws a RequestError (`BadRequestException` or `UnsupportedOperation`) that says what was wrong.
 * Beside the type, cut to 40 characters, it quotes nothing of the frame, which may hold a token. `idOfRefusedMessage` has
 * the frame's id, where one could be read.
 */
export function parseAppSyncMessage(text: string): AppSyncClientMessage {
  const message = parseObject(text);
  switch (message.type) {
    case 'connection_init':
      return { type: 'connection_init' };
    case 'stop':
      return { type: 'stop', id: requireId(message) };
    case 'start':
      return parseStart(message);
    default:
      throw new RequestError(
        'UNSUPPORTED_OPERATION',
        typeof message.type === 'string'
          ? `Unknown message type ${JSON.stringify(message.type.slice(0, 40))}; expected connection_init, start or stop.`
          : 'The message has no type; expected connection_init, start or stop.',
        { cause: { id: message.id } },
      );
  }
}

function parseObject(text: string): JsonObject {
  let message: JsonValue;
  try {
    message = JSON.parse(text) as JsonValue;
  } catch {
    // The parser's own error is dropped: it quotes the text.
    throw new RequestError('BAD_REQUEST', 'The message is not JSON.');
  }
  if (!isJsonObject(message)) throw new RequestError('BAD_REQUEST', 'The message is not a JSON object.');
  return message;
}

function requireId(message: JsonObject): string {
  const { id } = message;
  if (typeof id === 'string' && id.length > 0 && id.length <= maxSubscriptionIdLength) return id;
  throw new RequestError(
    'BAD_REQUEST',
    `The message needs an id: a string of 1 to ${maxSubscriptionIdLength} characters.`,
  );
}

function parseStart(message: JsonObject): AppSyncClientMessage {
  const id = requireId(message);
  const payload = isJsonObject(message.payload) ? message.payload : {};
  if (typeof payload.data !== 'string') {
    throw new RequestError(
      'BAD_REQUEST',
      'start needs payload.data: a string with the JSON text of {query, variables}.',
      {
        cause: { id },
      },
    );
  }
  const extensions = isJsonObject(payload.extensions) ? payload.extensions : {};
  const authorization = isJsonObject(extensions.authorization) ? extensions.authorization : null;
  return { type: 'start', id, data: payload.data, authorization };
}

/** The id of the frame that a RequestError of `parseAppSyncMessage` is about, if it could be read. */
export function idOfRefusedMessage(error: RequestError): string | undefined {
  const id = isJsonObject(error.cause) ? error.cause.id : undefined;
  return typeof id === 'string' && id.length <= maxSubscriptionIdLength ? id : undefined;
}

/** The messages this server sends, as JSON text. */
export const appSyncMessages = Object.freeze({
  /** `connectionTimeoutMs`: silence after which the client gives the connection up. */
  connectionAck: (connectionTimeoutMs: number): string =>
    JSON.stringify({ type: 'connection_ack', payload: { connectionTimeoutMs } }),
  connectionError: (errors: readonly AppSyncMessageError[]): string =>
    JSON.stringify({ type: 'connection_error', payload: { errors } }),
  keepAlive: '{"type":"ka"}',
  startAck: (id: string): string => JSON.stringify({ id, type: 'start_ack' }),
  /** `result`: JSON text of `{data, errors?}`, the same for every subscription that selects the same. */
  data: (id: string, result: string): string => `{"id":${JSON.stringify(id)},"type":"data","payload":${result}}`,
  error: (id: string | undefined, errors: readonly AppSyncMessageError[], data?: unknown): string =>
    JSON.stringify({ id, type: 'error', payload: { errors, data } }),
  complete: (id: string): string => JSON.stringify({ id, type: 'complete' }),
});
