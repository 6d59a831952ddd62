import { WebSocket } from 'ws';
import type { ConnectionSocket } from './connection-socket.js';

/**
 * A WebSocket that knows what it belongs to. Listeners are shared functions that look there: one closure for each event of each
 * connection would take as much memory as the WebSocket itself.
 */
export class ServerWebSocket extends WebSocket {
  connectionSocket: ConnectionSocket | undefined = undefined;
}

/** Has every event of the WebSocket told to the connection's socket. */
export function listen(webSocket: ServerWebSocket, connectionSocket: ConnectionSocket): void {
  webSocket.connectionSocket = connectionSocket;
  webSocket.on('message', onMessage);
  webSocket.on('ping', onPing);
  webSocket.on('pong', onPong);
  webSocket.on('close', onClose);
  webSocket.on('error', onError);
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  socketOf(this).received(data as Buffer, isBinary);
}

function onPing(this: WebSocket, data: Buffer): void {
  socketOf(this).pinged(data);
}

function onPong(this: WebSocket): void {
  socketOf(this).ponged();
}

function onClose(this: WebSocket): void {
  socketOf(this).closed();
}

function onError(this: WebSocket, error: Error & { readonly code?: string }): void {
  socketOf(this).failed(error);
}

function socketOf(webSocket: WebSocket): ConnectionSocket {
  return (webSocket as ServerWebSocket).connectionSocket!;
}
