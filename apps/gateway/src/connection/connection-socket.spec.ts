import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { createMetrics } from '#libs/observability';
import { ConnectionSocket } from './connection-socket.js';
import { TimerWheel } from './timer-wheel.js';

let timers: TimerWheel;
beforeEach(() => {
  vi.useFakeTimers();
  timers = new TimerWheel({
    onFailure(error) {
      throw error;
    },
  });
});
afterEach(() => {
  timers.stop();
  vi.useRealTimers();
});

function fake(given: { readonly readyState?: number; readonly bufferedAmount?: number } = {}) {
  const webSocket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    ...given,
    send: vi.fn(),
    pause: vi.fn(),
    terminate: vi.fn(),
    close: vi.fn(() => void (webSocket.readyState = 2)),
  });
  const metrics = createMetrics();
  const options = { messageRate: 10, messageBurst: 5 };
  const socket = new ConnectionSocket(webSocket as unknown as WebSocket, { metrics, timers, options });
  const received: (readonly [string | undefined, boolean])[] = [];
  socket.onMessage('FLOOD', (text, isOverRate) => received.push([text, isOverRate]));
  const message = (text: string | Buffer): void => {
    webSocket.emit('message', Buffer.from(text), typeof text !== 'string');
  };
  return { webSocket, socket, metrics, received, message };
}

const mebibyte = 1024 * 1024;

describe('sending', () => {
  it('should reach an open socket', () => {
    const { socket, webSocket } = fake();
    socket.send('text');
    expect(webSocket.send).toHaveBeenCalledWith('text');
  });

  it('should come to nothing on a socket that is closing', () => {
    const { socket, webSocket } = fake({ readyState: 2, bufferedAmount: 1e9 });
    socket.send('text');
    expect(webSocket.send).not.toHaveBeenCalled();
    expect(webSocket.close).not.toHaveBeenCalled();
  });

  it('should close a socket for which more bytes wait than are kept', () => {
    const [full, overfull] = [fake({ bufferedAmount: 4 * mebibyte }), fake({ bufferedAmount: 4 * mebibyte + 1 })];
    for (const { socket } of [full, overfull]) socket.send('text');
    expect(full.webSocket.send).toHaveBeenCalledWith('text');
    expect(overfull.webSocket.send).not.toHaveBeenCalled();
    expect(overfull.webSocket.close).toHaveBeenCalledWith(1013, 'Slow consumer');
  });
});

describe('closing', () => {
  it.each([
    ['its own reason', undefined, 'Unauthorized'],
    ['a given reason', 'because', 'because'],
    ['a long reason, cut', 'x'.repeat(200), 'x'.repeat(123)],
    ['a long reason of long characters, cut at one', 'ü'.repeat(100), 'ü'.repeat(61)],
  ])('should send %s', (_name, reason, sent) => {
    const { socket, webSocket } = fake();
    socket.close('UNAUTHORIZED', reason);
    expect(webSocket.close).toHaveBeenCalledWith(1008, sent);
  });

  it('should be counted once, by its name', async () => {
    const { socket, webSocket, metrics } = fake();
    socket.close('MAX_AGE');
    socket.close('GOING_AWAY');
    expect(webSocket.close).toHaveBeenCalledOnce();
    expect((await metrics.closes.get()).values).toMatchObject([{ value: 1, labels: { close: 'MAX_AGE' } }]);
  });

  it.each([
    ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'MESSAGE_TOO_LARGE', 'MAX_FRAME_BYTES'],
    ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'TOO_MANY_FRAGMENTS', 'fragments'],
    ['WS_ERR_INVALID_UTF8', 'INVALID_TEXT', undefined],
    ['WS_ERR_EXPECTED_MASK', 'INVALID_FRAME', undefined],
    ['ECONNRESET', undefined, undefined],
  ])('should be counted where the library does it for %s', async (code, close, limit) => {
    const { socket, metrics } = fake();
    socket.failed(Object.assign(new Error(code), { code }));
    expect((await metrics.closes.get()).values.map(({ labels }) => labels)).toEqual(close ? [{ close }] : []);
    expect((await metrics.limitRefusals.get()).values.map(({ labels }) => labels)).toEqual(limit ? [{ limit }] : []);
  });
});

describe('receiving', () => {
  it('should give text, and undefined for binary', () => {
    const { message, received } = fake();
    message('text');
    message(Buffer.from('text'));
    expect(received).toEqual([
      ['text', false],
      [undefined, false],
    ]);
  });

  it('should say what came over the rate, close who goes on, and cut who does not leave', async () => {
    const { message, received, webSocket, metrics } = fake();
    for (let n = 0; n < 12; n += 1) message(String(n));
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([
      ...Array<boolean>(5).fill(false),
      ...Array<boolean>(5).fill(true),
    ]);
    expect(webSocket.close).toHaveBeenCalledExactlyOnceWith(1008, 'Rate limit exceeded');
    expect(webSocket.pause).toHaveBeenCalled();
    expect((await metrics.limitRefusals.get()).values).toMatchObject([
      { value: 1, labels: { limit: 'MESSAGE_BURST' } },
    ]);
    expect(webSocket.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_050);
    expect(webSocket.terminate).toHaveBeenCalledOnce();
  });

  it.each(['ping', 'pong'])('should count a %s of WebSocket like a message', (frame) => {
    const { webSocket } = fake();
    for (let n = 0; n < 10; n += 1) webSocket.emit(frame, Buffer.alloc(0));
    expect(webSocket.close).not.toHaveBeenCalled();
    webSocket.emit(frame, Buffer.alloc(0));
    expect(webSocket.close).toHaveBeenCalledWith(1008, 'Rate limit exceeded');
  });

  it('should count a large message as several', () => {
    const { message, received } = fake();
    message('x'.repeat(16 * 1024 * 5));
    message('');
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([false, true]);
  });

  it('should forgive with time', () => {
    const { message, received } = fake();
    for (let n = 0; n < 6; n += 1) message('');
    vi.advanceTimersByTime(500);
    message('');
    expect(received.map(([, isOverRate]) => isOverRate)).toEqual([false, false, false, false, false, true, false]);
  });

  it('should end with the close', () => {
    const { message, received, socket } = fake();
    socket.close('IDLE');
    message('late');
    expect(received).toEqual([]);
  });
});
