import { WebSocket } from 'ws';

/** What is told of a WebSocket's events. */
export interface SocketListener {
  received(data: Buffer, isBinary: boolean): void;
  pinged(data: Buffer): void;
  ponged(): void;
  closed(): void;
  failed(error: Error & { readonly code?: string }): void;
}

/**
 * A WebSocket that knows what it belongs to. Listeners are shared functions that look there: one closure for each event of each
 * connection would take as much memory as the WebSocket itself.
 */
export class ServerWebSocket extends WebSocket {
  listener: SocketListener | undefined = undefined;
}

/** Has every event of the WebSocket told to the listener. */
export function listen(webSocket: ServerWebSocket, listener: SocketListener): void {
  webSocket.listener = listener;
  webSocket.on('message', onMessage);
  webSocket.on('ping', onPing);
  webSocket.on('pong', onPong);
  webSocket.on('close', onClose);
  webSocket.on('error', onError);
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  listenerOf(this).received(data as Buffer, isBinary);
}

function onPing(this: WebSocket, data: Buffer): void {
  listenerOf(this).pinged(data);
}

function onPong(this: WebSocket): void {
  listenerOf(this).ponged();
}

function onClose(this: WebSocket): void {
  listenerOf(this).closed();
}

function onError(this: WebSocket, error: Error & { readonly code?: string }): void {
  listenerOf(this).failed(error);
}

function listenerOf(webSocket: WebSocket): SocketListener {
  return (webSocket as ServerWebSocket).listener!;
}
