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
 * Every way this server closes a connection by itself. The `graphql-ws` library adds those of graphql-transport-ws (4400, 4401,
 * 4408, 4409, 4429) and `ws` those of WebSocket (1002, 1007, 1009); AppSync documents none for its protocol.
 * docs/reference/protocol.md lists them for users.
 */
export const closes = Object.freeze({
  /** Nothing is left on the connection after an invalidation. */
  INVALIDATED: define(1000, 'Subscriptions invalidated', false),
  /** The process stops; another one takes the client (AppSync's protocol). */
  GOING_AWAY: define(1001, 'Server going away', true),
  /** The handshake or a message breaks the protocol. */
  PROTOCOL_ERROR: define(1002, 'Protocol error', false),
  /** No subprotocol that this server speaks was offered. */
  SUBPROTOCOL: define(1002, 'Offer the subprotocol graphql-transport-ws or graphql-ws', false),
  /** Credentials were refused. */
  UNAUTHORIZED: define(1008, 'Unauthorized', false),
  /** No `connection_init` came in time. */
  INIT_TIMEOUT: define(1008, 'connection_init did not come in time', true),
  /** A mistake of ours. */
  INTERNAL: define(1011, 'Internal failure', true),
  /** The process stops; another one takes the client (graphql-transport-ws). */
  SERVICE_RESTART: define(1012, 'Service restart', true),
  /** Credentials could not be checked, because the user pool is away. */
  UNAVAILABLE: define(1013, 'Try again later', true),
  /** The client reads more slowly than events come: more bytes wait for it than are kept. */
  SLOW_CONSUMER: define(1013, 'Slow consumer', true),
  /** A frame of a graphql-transport-ws connection is no message: 4400 of its specification. */
  INVALID_MESSAGE: define(4400, 'Invalid message received', false),
  /** The credentials of a graphql-transport-ws connection were refused: 4403 of its specification. */
  FORBIDDEN: define(4403, 'Forbidden', false),
});
