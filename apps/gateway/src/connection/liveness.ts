import type { WebSocket } from 'ws';

/**
 * Finds connections whose client is gone without a close: pings at every check, and gives up the socket that has answered
 * nothing since the last one. Browsers and WebSocket libraries answer pings by themselves.
 */
export class Liveness {
  private hasAnswered = true;

  constructor(private readonly socket: WebSocket) {
    socket.on('pong', () => {
      this.hasAnswered = true;
    });
  }

  /** False when the client is gone; its socket is then terminated. */
  check(): boolean {
    if (!this.hasAnswered) {
      this.socket.terminate();
      return false;
    }
    this.hasAnswered = false;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
    return true;
  }
}
