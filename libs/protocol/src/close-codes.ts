/** How a WebSocket connection is closed: the code, the reason a client may read, and whether it should connect again. */
export interface Close {
  readonly code: number;
  readonly reason: string;
  readonly shouldReconnect: boolean;
}

function define(code: number, reason: string, shouldReconnect: boolean): Close {
  return Object.freeze({ code, reason, shouldReconnect });
}

/**
 * Every way this server closes a connection by itself; {@link libraryCloses} are those of the libraries beneath it. AppSync
 * documents none for its protocol. docs/reference/protocol.md lists them for users; the counter of closes has their names.
 */
export const closes = Object.freeze({
  /** Nothing is left on the connection after an invalidation. */
  INVALIDATED: define(1000, 'Subscriptions invalidated', false),
  /** The connection had no subscription for too long. */
  IDLE: define(1000, 'No subscription for too long', false),
  /** The process stops; another one takes the client (AppSync's protocol). */
  GOING_AWAY: define(1001, 'Server going away', true),
  /** The connection has lived for as long as one may. Clients of both protocols come back after 1001. */
  MAX_AGE: define(1001, 'Connection reached its maximum age', true),
  /** The handshake or a message breaks the protocol. */
  PROTOCOL_ERROR: define(1002, 'Protocol error', false),
  /** No subprotocol that this server speaks was offered. */
  SUBPROTOCOL: define(1002, 'Offer the subprotocol graphql-transport-ws or graphql-ws', false),
  /** Credentials were refused. */
  UNAUTHORIZED: define(1008, 'Unauthorized', false),
  /** No `connection_init` came in time. */
  INIT_TIMEOUT: define(1008, 'connection_init did not come in time', true),
  /** Credentials that a subscription rests on have ended (AppSync's protocol). Clients come back with fresh ones. */
  TOKEN_EXPIRED: define(1008, 'Token has expired', true),
  /** The client sends messages without end (AppSync's protocol). */
  FLOOD: define(1008, 'Rate limit exceeded', false),
  /** A mistake of ours. */
  INTERNAL: define(1011, 'Internal failure', true),
  /** The process stops; another one takes the client (graphql-transport-ws). */
  SERVICE_RESTART: define(1012, 'Service restart', true),
  /** Credentials could not be checked, because the user pool is away; or the identity has as many connections as it may. */
  UNAVAILABLE: define(1013, 'Try again later', true),
  /** The client reads more slowly than events come: more bytes wait for it than are kept. */
  SLOW_CONSUMER: define(1013, 'Slow consumer', true),
  /** A frame of a graphql-transport-ws connection is no message: 4400 of its specification. */
  INVALID_MESSAGE: define(4400, 'Invalid message received', false),
  /** The credentials of a graphql-transport-ws connection have ended. Clients come back with fresh ones. */
  CREDENTIALS_EXPIRED: define(4401, 'Token has expired', true),
  /** The credentials of a graphql-transport-ws connection were refused: 4403 of its specification. */
  FORBIDDEN: define(4403, 'Forbidden', false),
  /** No `connection_init` came in time: 4408 of the specification of graphql-transport-ws. */
  INIT_TIMEOUT_STANDARD: define(4408, 'Connection initialisation timeout', true),
  /** The client sends messages without end (graphql-transport-ws). */
  TOO_MANY_MESSAGES: define(4429, 'Rate limit exceeded', false),
});

/**
 * How the libraries end connections, with reasons of their own: `ws` for what breaks WebSocket, `graphql-ws` for what breaks the
 * standard protocol. 1006 is no close frame: the connection was cut.
 */
export const libraryCloses = Object.freeze({
  /** A frame that breaks WebSocket. */
  INVALID_FRAME: 1002,
  /** The client has answered nothing; we cut. */
  UNRESPONSIVE: 1006,
  /** Text that is not UTF-8. */
  INVALID_TEXT: 1007,
  /** A message in too many fragments. */
  TOO_MANY_FRAGMENTS: 1008,
  /** A message that is too large. */
  MESSAGE_TOO_LARGE: 1009,
  /** A `subscribe` before the acknowledgement. */
  UNACKNOWLEDGED: 4401,
  /** An id that is in use. */
  DUPLICATE_ID: 4409,
  /** A second `connection_init`. */
  SECOND_INIT: 4429,
});

/** The name of a way in which a connection ends. */
export type CloseName = keyof typeof closes | keyof typeof libraryCloses;
