import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/**
 * The floor: a server on `ws` that was written for one measurement. It verifies nobody, knows one subscription, and sends each event
 * as one prebuilt frame, written straight to the sockets below `ws`. An event goes to every connection that named no board, and
 * by a Map to the one connection that named the task's. What any server on Node pays for the same deliveries, it pays too.
 */
const [, , port, redisUrl] = process.argv;

/** `ws` keeps the socket under this name; `send` would build a header for each connection again. */
type OpenSocket = WebSocket & { readonly _socket: Duplex };

const everyBoard = new Set<OpenSocket>();
const byBoard = new Map<string, Set<OpenSocket>>();

// Lean: no compression, no list of clients, the same listeners for every connection, no request kept.
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
const server = createServer();
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
  webSockets.handleUpgrade(request, socket, head, open),
);

function open(webSocket: WebSocket): void {
  webSocket.on('message', receive);
  webSocket.on('close', forget);
  webSocket.on('error', forget);
}

function receive(this: WebSocket, data: Buffer): void {
  const message = JSON.parse(data.toString()) as {
    id: string;
    type: string;
    payload?: { variables?: { boardId?: string } };
  };
  if (message.type === 'connection_init') this.send('{"type":"connection_ack"}');
  if (message.type !== 'subscribe') return;
  subscriptionId = message.id;
  const boardId = message.payload?.variables?.boardId;
  if (boardId === undefined) everyBoard.add(this as OpenSocket);
  else {
    const sameBoard = byBoard.get(boardId);
    if (sameBoard) sameBoard.add(this as OpenSocket);
    else byBoard.set(boardId, new Set([this as OpenSocket]));
    boards.set(this, boardId);
  }
}

const boards = new WeakMap<WebSocket, string>();

function forget(this: WebSocket): void {
  everyBoard.delete(this as OpenSocket);
  const boardId = boards.get(this);
  const sameBoard = boardId === undefined ? undefined : byBoard.get(boardId);
  if (!sameBoard?.delete(this as OpenSocket)) return;
  if (sameBoard.size === 0) byBoard.delete(boardId!);
}

/** All clients of the measurement use the same id, so a frame is the same for all. */
let subscriptionId = '';

function frameOf(data: string): Buffer {
  const payload = Buffer.from(`{"id":"${subscriptionId}","type":"next","payload":{"data":${data}}}`);
  const isLong = payload.length > 0xffff;
  const header = Buffer.alloc(isLong ? 10 : 4);
  header[0] = 0x81;
  header[1] = isLong ? 127 : 126;
  if (isLong) header.writeUIntBE(payload.length, 4, 6);
  else header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

const subscriber = new Redis(redisUrl!);
subscriber.on('message', (_channel, data) => {
  const frame = frameOf(data);
  for (const { _socket } of everyBoard) _socket.write(frame);
  if (byBoard.size === 0) return;
  const { onCreateTask } = JSON.parse(data) as { onCreateTask: { boardId: string } };
  for (const { _socket } of byBoard.get(onCreateTask.boardId) ?? []) _socket.write(frame);
});
await subscriber.subscribe('onCreateTask');
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('is listening\n'));
