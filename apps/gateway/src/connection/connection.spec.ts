import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { closes } from '#libs/protocol';
import { closeSocket, sendText } from './connection.js';

function fakeSocket(given: { readonly readyState?: number; readonly bufferedAmount?: number } = {}) {
  const socket = { OPEN: 1, readyState: 1, bufferedAmount: 0, ...given, send: vi.fn(), close: vi.fn() };
  return Object.assign(socket, { asWebSocket: socket as unknown as WebSocket });
}

describe('sendText', () => {
  it('should send to an open socket', () => {
    const socket = fakeSocket();
    sendText(socket.asWebSocket, 'text');
    expect(socket.send).toHaveBeenCalledWith('text');
  });

  it('should drop what comes for a socket that is closing', () => {
    const socket = fakeSocket({ readyState: 2, bufferedAmount: 1e9 });
    sendText(socket.asWebSocket, 'text');
    expect(socket.send).not.toHaveBeenCalled();
    expect(socket.close).not.toHaveBeenCalled();
  });

  it('should close a socket for which more bytes wait than are kept', () => {
    const mebibyte = 1024 * 1024;
    const [full, overfull] = [
      fakeSocket({ bufferedAmount: 4 * mebibyte }),
      fakeSocket({ bufferedAmount: 4 * mebibyte + 1 }),
    ];
    for (const socket of [full, overfull]) sendText(socket.asWebSocket, 'text');
    expect(full.send).toHaveBeenCalledWith('text');
    expect(overfull.send).not.toHaveBeenCalled();
    expect(overfull.close).toHaveBeenCalledWith(1013, 'Slow consumer');
  });
});

describe('closeSocket', () => {
  it.each([
    ['its own reason', undefined, 'Unauthorized'],
    ['a given reason', 'because', 'because'],
    ['a long reason, cut', 'x'.repeat(200), 'x'.repeat(123)],
    ['a long reason of long characters, cut at one', 'ü'.repeat(100), 'ü'.repeat(61)],
  ])('should close with %s', (_name, reason, sent) => {
    const socket = fakeSocket();
    closeSocket(socket.asWebSocket, closes.UNAUTHORIZED, reason);
    expect(socket.close).toHaveBeenCalledWith(1008, sent);
  });
});
