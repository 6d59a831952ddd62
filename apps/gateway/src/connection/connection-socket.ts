import type { Duplex } from 'node:stream';
import type { Logger, Metrics } from '#libs/observability';
import { closes, libraryCloses } from '#libs/protocol';
import type { Close, CloseName } from '#libs/protocol';
import type { PayloadText } from '../fanout/payload-text.js';
import type { GatewayOptions } from '../gateway-options.js';
import type { Place } from './admission.js';
import { deliveryFrame, pingFrame, pongFrame, textFrame, toLatin1 } from './frame.js';
import { HeldDeliveries } from './held-deliveries.js';
import type { DeliveryTarget } from './held-deliveries.js';
import type { Outbox, Writer } from './outbox.js';
import { listen } from './server-web-socket.js';
import type { ServerWebSocket } from './server-web-socket.js';
import type { TimerWheel } from './timer-wheel.js';
import { TokenBucket } from './token-bucket.js';

/** A message counts once for every so many bytes that it begins: one of a megabyte costs as much as many small ones. */
export const bytesPerMessage = 16 * 1024;

/** Bytes that are gathered before they are written in the middle of a turn: more in one write saves nothing any more. */
export const maxGatheredBytes = 64 * 1024;

/** Longest reason of a close frame, in bytes. */
const maxReasonBytes = 123;

/** Time in which a client that sends without end can still read why it is closed, in milliseconds. */
const floodGoodbyeMs = 1_000;

/** Time in which a client that reads too slowly can still read what is on its way to it, and why it is closed, in milliseconds. */
export const slowGoodbyeMs = 10_000;

/** What `ws` does about a frame, by the code of its error; whatever else it finds breaks WebSocket. */
const closeByFault: Readonly<Record<string, CloseName>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'MESSAGE_TOO_LARGE',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'MESSAGE_TOO_LARGE',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'TOO_MANY_FRAGMENTS',
  WS_ERR_INVALID_UTF8: 'INVALID_TEXT',
};

/** The limit that such a close stands for, by the name of its setting; two have none. */
export const limitByClose: Partial<Record<CloseName, string>> = {
  MESSAGE_TOO_LARGE: 'MAX_FRAME_BYTES',
  TOO_MANY_FRAGMENTS: 'MAX_FRAGMENTS_PER_MESSAGE',
  FLOOD: 'MESSAGE_BURST',
  TOO_MANY_MESSAGES: 'MESSAGE_BURST',
  INIT_TIMEOUT: 'CONNECTION_INIT_TIMEOUT_MS',
  INIT_TIMEOUT_STANDARD: 'CONNECTION_INIT_TIMEOUT_MS',
  IDLE: 'IDLE_TIMEOUT_MS',
  MAX_AGE: 'MAX_CONNECTION_AGE_MS',
  SLOW_CONSUMER: 'MAX_WAITING_BYTES',
};

/** What the sockets of a process share. */
export interface SocketServices {
  readonly metrics: Pick<Metrics, 'closes' | 'limitRefusals' | 'fanout'>;
  readonly logger: Pick<Logger, 'debug'>;
  readonly timers: TimerWheel;
  readonly outbox: Outbox;
  readonly options: Pick<GatewayOptions, 'messageRate' | 'messageBurst' | 'maxWaitingBytes' | 'slowConsumerPolicy'>;
}

/** The connection that a socket is of: what it does with what comes. */
export interface SocketUser {
  /** How it is closed when its client sends without end. */
  readonly floodClose: CloseName;
  /** Takes a message: its text, or undefined for binary. `isOverRate`: the client has sent more than it may; nothing new for it. */
  receive(text: string | undefined, isOverRate: boolean): void;
  /** The socket is closed; called once. */
  closed(): void;
}

/**
 * The server's end of one WebSocket, for both protocols. Everything that is sent goes through the outbox and keeps its order;
 * `ws` reads, answers close frames, and writes nothing else. What is sent is bounded, what comes is measured, and however the
 * connection is closed from here, it is counted.
 */
export class ConnectionSocket implements Writer {
  private readonly bucket: TokenBucket;
  private user: SocketUser | undefined;
  /** Frames that wait for the outbox, or while `isStalled` for the client. */
  private pending = '';
  private held: HeldDeliveries | undefined;
  private isQueued = false;
  /** The kernel takes no more, because the client has not read what it has. */
  private isStalled = false;
  private hasAnswered = true;

  /** `raw`: the TCP or TLS socket under the WebSocket. */
  constructor(
    private readonly webSocket: ServerWebSocket,
    private readonly raw: Pick<Duplex, 'write' | 'writableLength' | 'once'>,
    private readonly place: Pick<Place, 'leave'>,
    private readonly services: SocketServices,
  ) {
    const { messageRate, messageBurst } = services.options;
    this.bucket = new TokenBucket({ perSecond: messageRate, capacity: messageBurst });
    listen(webSocket, this);
  }

  /** Hands the socket to the connection that is made for it. */
  use(user: SocketUser): void {
    this.user = user;
  }

  /** The subprotocol that was agreed on. */
  get protocol(): string {
    return this.webSocket.protocol;
  }

  get isOpen(): boolean {
    return this.webSocket.readyState === this.webSocket.OPEN;
  }

  /** Bytes that wait for the client in this process. */
  get waitingBytes(): number {
    return this.pending.length + this.raw.writableLength + (this.held?.byteLength ?? 0);
  }

  /** Sends a message, unless the socket has begun to close. Its text must be well-formed Unicode. */
  send(text: string): void {
    if (!this.isOpen) return;
    this.releaseHeld();
    this.append(textFrame(toLatin1(text)));
  }

  /**
   * Sends an event to a subscription, unless the socket has begun to close. Where the client does not keep up, and the policy is
   * to keep the latest, it takes the place of the one that waits.
   */
  deliver(target: DeliveryTarget, payload: PayloadText): void {
    if (this.isStalled && this.services.options.slowConsumerPolicy === 'keep-latest') this.hold(target, payload);
    else this.append(deliveryFrame(target.head, payload));
  }

  /** Sends what is held of subscriptions: called before one is ended whose last event the client shall have. */
  releaseHeld(): void {
    if (!this.held) return;
    const frames = this.held.frames();
    this.held = undefined;
    this.append(frames);
  }

  /** Drops what is held of a subscription that is over. */
  forget(target: DeliveryTarget): void {
    this.held?.forget(target);
  }

  /**
   * Pings the client; WebSocket libraries answer by themselves. False when nothing came back since the last time: it is gone
   * without a close, and the socket is cut.
   */
  checkAlive(): boolean {
    if (!this.hasAnswered) {
      this.count('UNRESPONSIVE');
      this.webSocket.terminate();
      return false;
    }
    this.hasAnswered = false;
    if (this.isOpen) this.append(pingFrame);
    return true;
  }

  /** Closes in one of the registry's ways, with a reason of its own where one is given; a long one is cut. What waits goes first. */
  close(name: CloseName, reason?: string): void {
    if (!this.isOpen) return;
    this.writeRest(name);
    const close: Close | undefined = name in closes ? closes[name as keyof typeof closes] : undefined;
    let cut = reason ?? close?.reason ?? '';
    while (Buffer.byteLength(cut) > maxReasonBytes) cut = cut.slice(0, -1);
    this.webSocket.close(close?.code ?? libraryCloses[name as keyof typeof libraryCloses], cut);
    this.count(name);
  }

  /** Cuts the connection without a close frame. */
  terminate(): void {
    this.webSocket.terminate();
  }

  /** For the outbox only. */
  flush(): void {
    this.isQueued = false;
    if (this.isStalled) this.requireKeepingUp();
    else this.write();
  }

  /** For the WebSocket only, as all that follow: a message came. */
  received(data: Buffer, isBinary: boolean): void {
    this.services.outbox.catchUp();
    const standing = this.measure(data.length);
    if (standing !== 'flood') this.user?.receive(isBinary ? undefined : data.toString('utf8'), standing === 'over');
  }

  /** WebSocket's own pings and pongs count like messages: they cost as much. */
  pinged(data: Buffer): void {
    if (this.measure(1) !== 'flood') this.append(pongFrame(data));
  }

  ponged(): void {
    this.hasAnswered = true;
    this.measure(1);
  }

  closed(): void {
    this.drop();
    this.place.leave();
    this.user?.closed();
  }

  /** `ws` has found a fault in a frame, and has begun to close with the code for it; or the TCP connection failed. */
  failed(error: Error & { readonly code?: string }): void {
    this.services.logger.debug({ err: error }, 'A connection broke the WebSocket protocol');
    if (error.code?.startsWith('WS_ERR_')) this.count(closeByFault[error.code] ?? 'INVALID_FRAME');
  }

  private append(frames: string): void {
    this.pending += frames;
    if (!this.isQueued) {
      this.isQueued = true;
      this.services.outbox.add(this);
    }
    if (this.pending.length >= maxGatheredBytes && !this.isStalled) this.write();
  }

  private write(): void {
    const { pending } = this;
    if (pending === '') return;
    this.pending = '';
    // Nothing may follow a close frame, which `ws` may have sent since, in answer to the client's.
    if (!this.isOpen) return;
    this.services.metrics.fanout.writes += 1;
    if (!this.raw.write(pending, 'latin1') && this.raw.writableLength > 0) this.stall();
  }

  /** What comes from now on waits here, where it can be counted and dropped; the stream's own queue knows neither. */
  private stall(): void {
    this.isStalled = true;
    this.raw.once('drain', () => {
      this.isStalled = false;
      this.releaseHeld();
      this.write();
    });
  }

  private hold(target: DeliveryTarget, payload: PayloadText): void {
    this.held ??= new HeldDeliveries();
    if (this.held.hold(target, payload)) this.services.metrics.fanout.supersededDeliveries += 1;
    // Whether it is too much is decided at the end of the turn, as for everything else.
    if (this.isQueued) return;
    this.isQueued = true;
    this.services.outbox.add(this);
  }

  /** One slow client must not fill the memory of all. */
  private requireKeepingUp(): void {
    // Deliveries go on until the client has answered the close.
    if (!this.isOpen) this.drop();
    else if (this.waitingBytes > this.services.options.maxWaitingBytes) this.close('SLOW_CONSUMER');
  }

  private writeRest(name: CloseName): void {
    if (name === 'SLOW_CONSUMER') this.services.timers.after(slowGoodbyeMs, terminate, this.webSocket);
    else {
      this.releaseHeld();
      if (this.pending !== '') this.raw.write(this.pending, 'latin1');
    }
    this.drop();
  }

  private drop(): void {
    this.pending = '';
    this.held = undefined;
  }

  private measure(bytes: number): 'within' | 'over' | 'flood' {
    // Whatever comes behind a close was sent in vain.
    if (!this.isOpen) return 'flood';
    const standing = this.bucket.spend(Math.ceil(bytes / bytesPerMessage) || 1);
    if (standing === 'flood') {
      if (this.user) this.close(this.user.floodClose);
      // Reading on would cost what the limit is to save.
      this.webSocket.pause();
      this.services.timers.after(floodGoodbyeMs, terminate, this.webSocket);
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

function terminate(webSocket: ServerWebSocket): void {
  webSocket.terminate();
}
