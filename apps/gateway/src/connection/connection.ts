import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Close } from '#libs/protocol';

/** One WebSocket and its state, whatever protocol it speaks. */
export interface Connection {
  /** Tells the client that the connection lives. Called by the one keep-alive timer. */
  keepAlive(): void;
  /** The process stops: closes with the code that makes clients of this protocol come back. */
  goAway(): void;
}

/** What a protocol is given of the handshake. The request itself is not kept: it would hold memory as long as the connection. */
export interface Handshake {
  readonly socket: WebSocket;
  readonly subprotocols: readonly string[];
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly sourceIp: readonly string[];
}

/** Reads what protocols need from the upgrade request. */
export function readHandshake(socket: WebSocket, request: IncomingMessage, subprotocols: readonly string[]): Handshake {
  const { url = '', headers } = request;
  const queryAt = url.indexOf('?');
  return {
    socket,
    subprotocols,
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers,
    sourceIp: request.socket.remoteAddress ? [request.socket.remoteAddress] : [],
  };
}

/** Closes a socket in one of the registry's ways, with a reason of its own where one is given. Reasons hold at most 123 bytes. */
export function closeSocket(socket: WebSocket, close: Close, reason: string = close.reason): void {
  socket.close(close.code, reason.slice(0, 120));
}
