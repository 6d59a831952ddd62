import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { createLogger, createMetrics } from '#libs/observability';
import type { JsonValue } from '#libs/protocol';
import { ConnectionSocket } from '../src/connection/connection-socket.js';
import { deliveryHead } from '../src/connection/frame.js';
import { Outbox } from '../src/connection/outbox.js';
import { ServerWebSocket } from '../src/connection/server-web-socket.js';
import { TimerWheel } from '../src/connection/timer-wheel.js';
import { payloadText } from '../src/fanout/payload-text.js';

type Action =
  | { readonly kind: 'deliver'; readonly type: 'data' | 'next'; readonly id: string; readonly payload: JsonValue }
  | { readonly kind: 'send'; readonly message: JsonValue }
  | { readonly kind: 'ping' }
  | { readonly kind: 'endOfTurn' };

/** Text of any length that a frame has another header for, of one, two and four bytes a character. */
const padding = fc
  .tuple(
    fc.constantFrom('x', 'ü', '🐦'),
    fc.oneof(
      { weight: 4, arbitrary: fc.nat(200) },
      fc.integer({ min: 65_300, max: 65_600 }),
      fc.integer({ min: 16_300, max: 16_400 }),
    ),
  )
  .map(([character, count]) => character.repeat(count));

/** Lone surrogates among them, which JSON escapes. */
const anyText = fc.string({ unit: 'binary', maxLength: 128 });
const payload = fc.oneof(
  padding.map((title) => ({ data: { onTaskCreated: { title } } })),
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => ({ data: value as JsonValue })),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      type: fc.constantFrom('data' as const, 'next' as const),
      id: anyText,
      payload,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('send' as const), message: payload }) },
  fc.constant({ kind: 'ping' as const }),
  fc.constant({ kind: 'endOfTurn' as const }),
);

const timers = new TimerWheel({ onFailure: vi.fn() });
const httpServer = createServer();
const webSocketServer = new WebSocketServer({ noServer: true, WebSocket: ServerWebSocket, perMessageDeflate: false });

beforeAll(async () => {
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
});
afterAll(() => {
  timers.stop();
  httpServer.close();
});

/** What comes out of the other end of a WebSocket, byte for byte. */
class Received {
  private chunks: Buffer[] = [];

  constructor(readonly client: Socket) {
    client.on('data', (chunk: Buffer) => this.chunks.push(chunk));
  }

  /** Whether the last bytes that came are these. */
  endsWith(end: Buffer): boolean {
    return this.chunks.at(-1)?.subarray(-end.length).equals(end) ?? false;
  }

  /** All that came since the last time. */
  take(): Buffer {
    const all = Buffer.concat(this.chunks);
    this.chunks = [];
    return all;
  }
}

/** The server's end of a WebSocket, the socket below it, and the other end after the handshake. */
async function open(): Promise<{ webSocket: ServerWebSocket; raw: Duplex; received: Received }> {
  const upgraded = Promise.withResolvers<{ webSocket: ServerWebSocket; raw: Duplex }>();
  httpServer.once('upgrade', (request, raw, head) => {
    webSocketServer.handleUpgrade(request, raw, head, (webSocket) => upgraded.resolve({ webSocket, raw }));
  });
  const client = connect((httpServer.address() as AddressInfo).port, '127.0.0.1');
  const received = new Received(client);
  client.write(
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const { webSocket, raw } = await upgraded.promise;
  await vi.waitFor(() => expect(received.endsWith(Buffer.from('\r\n\r\n'))).toBe(true));
  received.take();
  return { webSocket, raw, received };
}

/** What must go over the wire: every message as its own object, text and frame. */
function sendObviously(webSocket: ServerWebSocket, action: Action): void {
  if (action.kind === 'deliver') {
    const { id, type, payload } = action;
    webSocket.send(JSON.stringify({ id, type, payload }));
  } else if (action.kind === 'send') webSocket.send(JSON.stringify(action.message));
  else if (action.kind === 'ping') webSocket.ping();
}

async function sendOurs(socket: ConnectionSocket, webSocket: ServerWebSocket, action: Action): Promise<void> {
  if (action.kind === 'deliver') {
    const target = { head: deliveryHead(action.id, action.type) };
    socket.deliver(target, payloadText(JSON.stringify(action.payload)));
  } else if (action.kind === 'send') socket.send(JSON.stringify(action.message));
  else if (action.kind === 'ping') {
    webSocket.emit('pong', Buffer.alloc(0));
    socket.checkAlive();
  } else await new Promise((resolve) => setImmediate(resolve));
}

describe('what goes over the wire', () => {
  it('should be, byte for byte, what ws sends of each message by itself', async () => {
    const [ours, obvious] = [await open(), await open()];
    const socket = new ConnectionSocket(
      ours.webSocket,
      ours.raw,
      { leave: vi.fn() },
      {
        metrics: createMetrics(),
        logger: createLogger({ name: 'test', level: 'silent' }),
        timers,
        outbox: new Outbox({ flushIntervalMs: 0 }),
        options: { messageRate: 0, messageBurst: 1, maxWaitingBytes: 1e9, slowConsumerPolicy: 'disconnect' },
      },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        for (const one of actions) {
          sendObviously(obvious.webSocket, one);
          await sendOurs(socket, ours.webSocket, one);
        }
        const end = Buffer.from('\x81\x03end', 'latin1');
        obvious.webSocket.send('end');
        socket.send('end');
        await vi.waitFor(
          () => {
            if (!ours.received.endsWith(end) || !obvious.received.endsWith(end)) throw new Error('More is to come.');
          },
          { timeout: 5_000, interval: 1 },
        );
        const expected = obvious.received.take();
        expect(ours.received.take().equals(expected)).toBe(true);
        compared += expected.length;
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(1_000_000);
    for (const { received } of [ours, obvious]) received.client.destroy();
  });
});
