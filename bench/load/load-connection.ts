import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { BoardId, ClientCredentials, ClientProtocol } from './client-protocol.js';
import { FrameReader } from './frame-reader.js';
import type { FrameHandler } from './frame-reader.js';

export interface LoadTarget {
  readonly port: number;
  readonly protocol: ClientProtocol;
  readonly apiKey: string;
}

/** Who is told what happens to connections: one object for all of them. */
export interface LoadObserver {
  /** The first bytes of a delivery. */
  delivered(bytes: Buffer, start: number, end: number): void;
  /** A connection that was subscribed is gone, by the server's doing. */
  lost(reason: string): void;
}

/** Every socket reads into the same memory: what is read is dealt with before the next one reads. */
const readBuffer = Buffer.alloc(256 * 1_024);

/** Of RFC 6455's example: servers need one, and nobody here checks the answer. */
const websocketKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A client with one subscription, as cheap as a client can be: no WebSocket object, no parsing of deliveries. */
export class LoadConnection implements FrameHandler {
  isCounting = false;
  private readonly host: string;
  private readonly socket: Socket;
  private readonly reader = new FrameReader(this);
  private isUpgraded = false;
  private settle: { resolve(): void; reject(error: Error): void } | undefined;
  private greeting = '';
  private isClosing = false;

  constructor(
    private readonly target: LoadTarget,
    private readonly boardId: BoardId,
    private readonly observer: LoadObserver,
    private readonly credentials: ClientCredentials = { 'x-api-key': target.apiKey },
  ) {
    this.host = `127.0.0.1:${target.port}`;
    this.socket = connect({
      port: target.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          this.receive(readBuffer.subarray(0, length));
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.ended(error.message));
    this.socket.on('close', () => this.ended('the server closed it'));
    this.socket.write(
      `GET ${target.protocol.path(this.host, this.credentials)} HTTP/1.1\r\nHost: ${this.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${websocketKey}\r\nSec-WebSocket-Protocol: ${target.protocol.subprotocol}\r\n\r\n`,
    );
  }

  /**
   * Resolves when the subscription is acknowledged, or sent where the protocol has no acknowledgement. Rejects with what the
   * server said when it refused.
   */
  subscribed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  /** Stops reading, as a client does whose network or processor is gone; the connection stays. */
  pause(): void {
    this.socket.pause();
  }

  /** Ends the subscription and then the connection, as a client does that leaves. Resolves when the connection is gone. */
  async leave(): Promise<void> {
    this.isClosing = true;
    this.send(this.target.protocol.unsubscribe());
    this.write(8, Buffer.from([0x03, 0xe8]));
    await new Promise<void>((resolve) => (this.socket.closed ? resolve() : this.socket.once('close', () => resolve())));
  }

  /** Ends the connection without a word. */
  destroy(): void {
    this.isClosing = true;
    this.socket.resetAndDestroy();
  }

  delivery(bytes: Buffer, start: number, end: number): void {
    this.observer.delivered(bytes, start, end);
  }

  message(opcode: number, payload: Buffer): void {
    if (opcode === 9) return this.write(10, payload);
    if (opcode === 8) return this.ended(`closed with ${payload.length >= 2 ? payload.readUInt16BE(0) : 'no code'}`);
    if (opcode !== 1) return;
    const message = JSON.parse(payload.toString()) as { type: string };
    const { protocol } = this.target;
    if (message.type === 'connection_ack') {
      this.send(protocol.subscribe(this.boardId, this.host, this.credentials));
      if (protocol.acknowledgement === undefined) this.settle?.resolve();
    } else if (message.type === 'ping') this.send({ type: 'pong' });
    else if (message.type === protocol.acknowledgement) {
      this.settle?.resolve();
    } else if (message.type === protocol.delivery) {
      // The first one was looked at; the others are like it.
      this.isCounting = true;
      this.observer.delivered(payload, 0, payload.length);
    } else if (message.type.includes('error')) this.ended(payload.toString());
  }

  private receive(bytes: Buffer): void {
    if (this.isUpgraded) return this.reader.read(bytes);
    this.greeting += bytes.toString('latin1');
    const end = this.greeting.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!this.greeting.startsWith('HTTP/1.1 101'))
      return this.ended(this.greeting.slice(0, this.greeting.indexOf('\r')));
    this.isUpgraded = true;
    const rest = Buffer.from(this.greeting.slice(end + 4), 'latin1');
    this.greeting = '';
    this.send(this.target.protocol.init(this.credentials));
    if (rest.length > 0) this.reader.read(rest);
  }

  private ended(reason: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.socket.destroy();
    this.observer.lost(reason);
    this.settle?.reject(new Error(reason));
  }

  private send(message: object): void {
    this.write(1, Buffer.from(JSON.stringify(message)));
  }

  /** A client's frame. Its mask is zero, which leaves the payload as it is. */
  private write(opcode: number, payload: Buffer): void {
    const isShort = payload.length <= 125;
    const header = Buffer.alloc(isShort ? 6 : 8);
    header[0] = 0x80 | opcode;
    header[1] = 0x80 | (isShort ? payload.length : 126);
    if (!isShort) header.writeUInt16BE(payload.length, 2);
    this.socket.write(Buffer.concat([header, payload]));
  }
}
