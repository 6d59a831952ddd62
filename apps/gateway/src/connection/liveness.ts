import type { ConnectionSocket } from './connection-socket.js';

/**
 * Finds connections whose client is gone without a close: pings at every check, and gives up the socket that has answered
 * nothing since the last one. Browsers and WebSocket libraries answer pings by themselves.
 */
export class Liveness {
  private hasAnswered = true;

  constructor(private readonly socket: Pick<ConnectionSocket, 'onPong' | 'ping' | 'giveUp'>) {
    socket.onPong(() => {
      this.hasAnswered = true;
    });
  }

  /** False when the client is gone; its socket is then terminated. */
  check(): boolean {
    if (!this.hasAnswered) {
      this.socket.giveUp();
      return false;
    }
    this.hasAnswered = false;
    this.socket.ping();
    return true;
  }
}
