import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { closes } from '#libs/protocol';
import type { Close } from '#libs/protocol';

/** One WebSocket and its state, whatever protocol it speaks. */
export interface Connection {
  /** Tells the client that the connection lives. Called by the one keep-alive timer. */
  keepAlive(): void;
  /** The process stops: closes with the code that makes clients of this protocol come back. */
  goAway(): void;
  /** Ends the socket at once, without a close frame. */
  terminate(): void;
}

/** What a protocol is given of the handshake. The request itself is not kept: it would hold memory as long as the connection. */
export interface Handshake {
  readonly socket: WebSocket;
  readonly subprotocols: readonly string[];
  readonly query: string;
  /** Of the GraphQL endpoint, as the client knows it: without `/realtime`. */
  readonly graphqlPath: string;
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
    graphqlPath: (queryAt < 0 ? url : url.slice(0, queryAt)).replace(/\/realtime\/?$/, ''),
    headers,
    sourceIp: request.socket.remoteAddress ? [request.socket.remoteAddress] : [],
  };
}

/**
 * Bytes that may wait for one client, in this process, before it is given up. Ordinary clients have none; a page of the log in
 * one turn of the event loop is below it, and one phone without a network costs no more than this.
 */
export const maxWaitingBytes = 4 * 1024 * 1024;

/**
 * Sends a message, unless the socket has begun to close. A client that does not keep up is closed instead: one slow client
 * must not fill the memory of all.
 */
export function sendText(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > maxWaitingBytes) closeSocket(socket, closes.SLOW_CONSUMER);
  else socket.send(text);
}

/** Longest reason of a close frame, in bytes. */
const maxReasonBytes = 123;

/** Closes a socket in one of the registry's ways, with a reason of its own where one is given; a long one is cut. */
export function closeSocket(socket: WebSocket, close: Close, reason: string = close.reason): void {
  let cut = reason;
  while (Buffer.byteLength(cut) > maxReasonBytes) cut = cut.slice(0, -1);
  socket.close(close.code, cut);
}
