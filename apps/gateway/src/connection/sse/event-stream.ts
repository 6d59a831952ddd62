import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Metrics } from '#libs/observability';
import type { PayloadText } from '../../fanout/payload-text.js';
import type { GatewayOptions } from '../../gateway-options.js';
import { maxGatheredBytes, slowGoodbyeMs } from '../connection-socket.js';
import { tellSuperseded } from '../held-deliveries.js';
import type { Outbox, Writer } from '../outbox.js';
import type { TimerWheel, WheelTimer } from '../timer-wheel.js';
import { chunk, deliveryEvent, retryField } from './messages.js';

/** What the event streams of a process share. */
export interface StreamServices {
  readonly metrics: Pick<Metrics, 'fanout'>;
  readonly timers: TimerWheel;
  readonly outbox: Outbox;
  readonly options: Pick<GatewayOptions, 'maxWaitingBytes' | 'slowConsumerPolicy'>;
}

/** How long clients wait before they come back, at least and at most, in milliseconds: those of one process not all at once. */
const minRetryMs = 1_000;
const maxRetryMs = 5_000;

/**
 * The body of one response that does not end by itself: events for one subscription. What is sent goes through the outbox, as
 * for WebSockets, and is bounded in the same way.
 *
 * Node's response writes the headers and the end. What is between goes to the socket directly, chunked here. Measured with
 * 1,000 streams, one event at a time: 8.9 µs of CPU a delivery, as for a WebSocket (8.4), and 14.2 by `response.write`, which
 * makes four buffers of each chunk.
 */
export class EventStream implements Writer {
  private readonly raw: Socket;
  /** False for HTTP/1.0, where the end of the connection is that of the body. */
  private readonly isChunked: boolean;
  /** Events that wait for the outbox, or while `isStalled` for the client. */
  private pending = '';
  /** The newest delivery of a client that does not keep up, and how many it took the place of. */
  private held: PayloadText | undefined;
  private superseded = 0;
  private isQueued = false;
  /** The kernel takes no more, because the client has not read what it has. */
  private isStalled = false;
  private isEnded = false;
  private goodbye: WheelTimer | undefined;

  /** Begins the response; it must be the first that its socket waits for. `onTooSlow`: too much waits; to be cut. */
  constructor(
    private readonly response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    private readonly services: StreamServices,
    private readonly onTooSlow: () => void,
  ) {
    this.raw = response.socket!;
    // Both in one write.
    this.raw.cork();
    response.writeHead(200, headers).flushHeaders();
    this.isChunked = response.chunkedEncoding;
    const retryMs = minRetryMs + Math.floor(Math.random() * (maxRetryMs - minRetryMs));
    this.raw.write(this.toBody(retryField(retryMs)), 'latin1');
    this.raw.uncork();
  }

  /** True until it was ended, or cut. */
  get isOpen(): boolean {
    return !this.isEnded;
  }

  /** Bytes that wait for the client in this process. */
  get waitingBytes(): number {
    return this.pending.length + this.raw.writableLength + (this.held?.byteLength ?? 0);
  }

  /** Sends an event, as bytes. */
  send(event: string): void {
    if (this.isEnded) return;
    this.releaseHeld();
    this.append(event);
  }

  /** Sends a comment where nothing waits that would show as well that the stream lives. */
  keepAlive(comment: string): void {
    if (!this.isEnded && this.pending === '' && !this.isStalled) this.append(comment);
  }

  /** Sends an event of the subscription. Where the client does not keep up, the policy says what becomes of it. */
  deliver(payload: PayloadText): void {
    if (this.isEnded) return;
    if (this.isStalled && this.services.options.slowConsumerPolicy === 'keep-latest') this.hold(payload);
    else this.append(deliveryEvent(payload));
  }

  /**
   * Ends the response behind what waits. `closesSocket`: whoever comes back shall do so over another connection, which a load
   * balancer may take elsewhere. A client that does not read has 10 seconds.
   */
  end(closesSocket: boolean): void {
    if (this.isEnded) return;
    this.releaseHeld();
    if (this.pending !== '') this.raw.write(this.toBody(this.pending), 'latin1');
    this.drop();
    this.goodbye = this.services.timers.after(slowGoodbyeMs, destroy, this.raw);
    this.response.end(closesSocket ? () => this.raw.destroySoon() : undefined);
  }

  /** Cuts the connection where it stands. */
  cut(): void {
    this.drop();
    this.raw.destroy();
  }

  /** The response is over, whoever ended it. */
  closed(): void {
    this.drop();
    this.services.timers.cancel(this.goodbye);
  }

  /** For the outbox only. */
  flush(): void {
    this.isQueued = false;
    if (this.isEnded) return;
    if (!this.isStalled) this.write();
    else if (this.waitingBytes > this.services.options.maxWaitingBytes) this.onTooSlow();
  }

  private append(bytes: string): void {
    this.pending += bytes;
    this.queue();
    if (this.pending.length >= maxGatheredBytes && !this.isStalled) this.write();
  }

  private queue(): void {
    if (this.isQueued) return;
    this.isQueued = true;
    this.services.outbox.add(this);
  }

  private write(): void {
    const { pending } = this;
    if (pending === '') return;
    this.pending = '';
    this.services.metrics.fanout.writes += 1;
    if (!this.raw.write(this.toBody(pending), 'latin1') && this.raw.writableLength > 0) this.stall();
  }

  private toBody(bytes: string): string {
    return this.isChunked ? chunk(bytes) : bytes;
  }

  /** What comes from now on waits here, where it can be counted and dropped; the stream's own queue knows neither. */
  private stall(): void {
    this.isStalled = true;
    this.raw.once('drain', () => {
      this.isStalled = false;
      if (this.isEnded) return;
      this.releaseHeld();
      this.write();
    });
  }

  private hold(payload: PayloadText): void {
    if (this.held) {
      this.superseded += 1;
      this.services.metrics.fanout.supersededDeliveries += 1;
    }
    this.held = payload;
    // Whether it is too much is decided at the end of the turn, as for everything else.
    this.queue();
  }

  private releaseHeld(): void {
    const { held, superseded } = this;
    if (!held) return;
    this.held = undefined;
    this.superseded = 0;
    this.append(deliveryEvent(superseded > 0 ? tellSuperseded(held, superseded) : held));
  }

  private drop(): void {
    this.isEnded = true;
    this.pending = '';
    this.held = undefined;
  }
}

function destroy(raw: Socket): void {
  raw.destroy();
}
