import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { Liveness } from './liveness.js';

function fakeSocket(readyState = 1) {
  return Object.assign(new EventEmitter(), { OPEN: 1, readyState, ping: vi.fn(), terminate: vi.fn() });
}

const livenessOf = (socket: ReturnType<typeof fakeSocket>) => new Liveness(socket as unknown as WebSocket);

describe('Liveness', () => {
  it('should ping at every check while the client answers', () => {
    const socket = fakeSocket();
    const liveness = livenessOf(socket);
    for (let n = 0; n < 3; n += 1) {
      expect(liveness.check()).toBe(true);
      socket.emit('pong');
    }
    expect(socket.ping).toHaveBeenCalledTimes(3);
    expect(socket.terminate).not.toHaveBeenCalled();
  });

  it('should give up a client that has answered nothing since the last check', () => {
    const socket = fakeSocket();
    const liveness = livenessOf(socket);
    liveness.check();
    expect(liveness.check()).toBe(false);
    expect(socket.terminate).toHaveBeenCalledOnce();
    expect(socket.ping).toHaveBeenCalledOnce();
  });

  it('should not ping a socket that is closing, and give it up when it stays', () => {
    const socket = fakeSocket(2);
    const liveness = livenessOf(socket);
    expect(liveness.check()).toBe(true);
    expect(socket.ping).not.toHaveBeenCalled();
    expect(liveness.check()).toBe(false);
    expect(socket.terminate).toHaveBeenCalledOnce();
  });
});
