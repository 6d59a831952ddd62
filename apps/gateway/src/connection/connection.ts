import type { IncomingMessage } from 'node:http';
import type { Place } from './admission.js';
import type { ConnectionSocket } from './connection-socket.js';

/** What a connection speaks, as metrics name it. */
export type ConnectionProtocol = 'appsync' | 'graphql-transport-ws' | 'sse';

/** One WebSocket or event stream and its state, whatever protocol it speaks. */
export interface Connection {
  readonly protocolName: ConnectionProtocol;
  /** Tells the client that the connection lives. Called over and over, for all connections at once. */
  keepAlive(): void;
  /** The process stops: closes in the way that makes clients of this protocol come back. */
  goAway(): void;
  /** Ends the socket at once, without a word. */
  terminate(): void;
}

/** What a protocol is given of the handshake. The request itself is not kept: it would hold memory as long as the connection. */
export interface Handshake {
  readonly socket: ConnectionSocket;
  /** What the connection takes of the limits; left when the socket closes, by whoever opened it. */
  readonly place: Place;
  readonly subprotocols: readonly string[];
  readonly query: string;
  /** Of the GraphQL endpoint, as the client knows it: without `/realtime`. */
  readonly graphqlPath: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Reads what protocols need from the upgrade request. */
export function readHandshake(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  { socket, place }: Pick<Handshake, 'socket' | 'place'>,
): Handshake {
  const queryAt = url.indexOf('?');
  return {
    socket,
    place,
    subprotocols: (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim()),
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    graphqlPath: (queryAt < 0 ? url : url.slice(0, queryAt)).replace(/\/realtime\/?$/, ''),
    headers,
  };
}
