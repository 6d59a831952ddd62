import type { WebSocket } from 'ws';
import type { Metrics } from '#libs/observability';
import { closes, libraryCloses } from '#libs/protocol';
import type { Close, CloseName } from '#libs/protocol';
import type { GatewayOptions } from '../gateway-options.js';
import type { TimerWheel } from './timer-wheel.js';
import { TokenBucket } from './token-bucket.js';

/**
 * Bytes that may wait for one client, in this process, before it is given up. Ordinary clients have none; a page of the log in
 * one turn of the event loop is below it, and one phone without a network costs no more than this.
 */
export const maxWaitingBytes = 4 * 1024 * 1024;

/** A message counts once for every so many bytes that it begins: one of a megabyte costs as much as many small ones. */
export const bytesPerMessage = 16 * 1024;

/** Longest reason of a close frame, in bytes. */
const maxReasonBytes = 123;

/** Time in which a client that sends without end can still read why it is closed, in milliseconds. */
const floodGoodbyeMs = 1_000;

/** What `ws` does about a frame, by the code of its error; whatever else it finds breaks WebSocket. */
const closeByFault: Readonly<Record<string, CloseName>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'MESSAGE_TOO_LARGE',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'MESSAGE_TOO_LARGE',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'TOO_MANY_FRAGMENTS',
  WS_ERR_INVALID_UTF8: 'INVALID_TEXT',
};

/** The limit that such a close stands for, by the name of its setting; two have none. */
const limitByClose: Partial<Record<CloseName, string>> = {
  MESSAGE_TOO_LARGE: 'MAX_FRAME_BYTES',
  TOO_MANY_FRAGMENTS: 'fragments',
  FLOOD: 'MESSAGE_BURST',
  TOO_MANY_MESSAGES: 'MESSAGE_BURST',
  INIT_TIMEOUT: 'CONNECTION_INIT_TIMEOUT_MS',
  INIT_TIMEOUT_STANDARD: 'CONNECTION_INIT_TIMEOUT_MS',
  IDLE: 'IDLE_TIMEOUT_MS',
  MAX_AGE: 'MAX_CONNECTION_AGE_MS',
  SLOW_CONSUMER: 'waiting_bytes',
};

/** What a socket needs of the process. */
export interface SocketServices {
  readonly metrics: Metrics;
  readonly timers: TimerWheel;
  readonly options: Pick<GatewayOptions, 'messageRate' | 'messageBurst'>;
}

/** Takes a message: its text, or undefined for binary. `isOverRate`: the client has sent more than it may; nothing new for it. */
export type Receive = (text: string | undefined, isOverRate: boolean) => void;

/**
 * The server's end of one WebSocket, for both protocols: what is sent is bounded, what comes is measured, and however the
 * connection is closed from here, it is counted.
 */
export class ConnectionSocket {
  private readonly bucket: TokenBucket;

  constructor(
    private readonly socket: WebSocket,
    private readonly services: SocketServices,
  ) {
    const { messageRate, messageBurst } = services.options;
    this.bucket = new TokenBucket({ perSecond: messageRate, capacity: messageBurst });
  }

  /** The subprotocol that was agreed on. */
  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /**
   * Gives every message to `receive`, in order, until the connection begins to close. A client that goes on beyond its rate is
   * closed with `floodClose`. WebSocket's own pings and pongs count too: they are answered, or looked at, all the same.
   */
  onMessage(floodClose: CloseName, receive: Receive): void {
    this.socket.on('message', (data: Buffer, isBinary) => {
      const standing = this.measure(data.length, floodClose);
      if (standing !== 'flood') receive(isBinary ? undefined : data.toString('utf8'), standing === 'over');
    });
    for (const frame of ['ping', 'pong'] as const) this.socket.on(frame, () => this.measure(1, floodClose));
  }

  onPong(listener: () => void): void {
    this.socket.on('pong', listener);
  }

  onClose(listener: (code: number, reason: string) => void): void {
    this.socket.on('close', (code, reason) => listener(code, reason.toString()));
  }

  /**
   * Sends a message, unless the socket has begun to close. A client that does not keep up is closed instead: one slow client
   * must not fill the memory of all.
   */
  send(text: string): void {
    if (!this.isOpen) return;
    if (this.socket.bufferedAmount > maxWaitingBytes) this.close('SLOW_CONSUMER');
    else this.socket.send(text);
  }

  ping(): void {
    if (this.isOpen) this.socket.ping();
  }

  /** Closes in one of the registry's ways, with a reason of its own where one is given; a long one is cut. */
  close(name: CloseName, reason?: string): void {
    if (!this.isOpen) return;
    const close: Close | undefined = name in closes ? closes[name as keyof typeof closes] : undefined;
    let cut = reason ?? close?.reason ?? '';
    while (Buffer.byteLength(cut) > maxReasonBytes) cut = cut.slice(0, -1);
    this.socket.close(close?.code ?? libraryCloses[name as keyof typeof libraryCloses], cut);
    this.count(name);
  }

  /** Cuts a client that has answered nothing. */
  giveUp(): void {
    this.count('UNRESPONSIVE');
    this.socket.terminate();
  }

  /** Cuts the connection without a close frame. */
  terminate(): void {
    this.socket.terminate();
  }

  /** `ws` has found a fault in a frame, and has begun to close with the code for it. */
  failed(error: Error & { readonly code?: string }): void {
    if (error.code?.startsWith('WS_ERR_')) this.count(closeByFault[error.code] ?? 'INVALID_FRAME');
  }

  private measure(bytes: number, floodClose: CloseName): 'within' | 'over' | 'flood' {
    // Whatever comes behind a close was sent in vain.
    if (!this.isOpen) return 'flood';
    const standing = this.bucket.spend(Math.ceil(bytes / bytesPerMessage) || 1);
    if (standing === 'flood') {
      this.close(floodClose);
      // Reading on would cost what the limit is to save.
      this.socket.pause();
      this.services.timers.after(floodGoodbyeMs, () => this.socket.terminate());
    }
    return standing;
  }

  private count(name: CloseName): void {
    const { closes: closeCount, limitRefusals } = this.services.metrics;
    closeCount.inc({ close: name });
    const limit = limitByClose[name];
    if (limit) limitRefusals.inc({ limit });
  }
}
