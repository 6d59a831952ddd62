import { describe, expect, it, vi } from 'vitest';
import { Liveness } from './liveness.js';

function fakeSocket() {
  let answer = (): void => undefined;
  const onPong = (listener: () => void): void => void (answer = listener);
  return { onPong, answer: () => answer(), ping: vi.fn(), giveUp: vi.fn() };
}

describe('Liveness', () => {
  it('should ping at every check while the client answers', () => {
    const socket = fakeSocket();
    const liveness = new Liveness(socket);
    for (let n = 0; n < 3; n += 1) {
      expect(liveness.check()).toBe(true);
      socket.answer();
    }
    expect(socket.ping).toHaveBeenCalledTimes(3);
    expect(socket.giveUp).not.toHaveBeenCalled();
  });

  it('should give up a client that has answered nothing since the last check', () => {
    const socket = fakeSocket();
    const liveness = new Liveness(socket);
    liveness.check();
    expect(liveness.check()).toBe(false);
    expect(socket.giveUp).toHaveBeenCalledOnce();
    expect(socket.ping).toHaveBeenCalledOnce();
  });
});
