import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';

/** A message that a server sent. */
export interface TestMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
  readonly [member: string]: unknown;
}

export interface TestClose {
  /** 1006 where the connection ended without a close frame. */
  readonly code: number;
  readonly reason: string;
}

export interface TestSocketOptions {
  readonly url: string;
  /** Offered in this order. */
  readonly subprotocols: readonly string[];
  /** Headers of the HTTP request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificate authority of a `wss` server, PEM. */
  readonly ca?: string;
}

type Watch = () => void;

/** Longest wait for anything, in milliseconds: generous for a busy machine, below a test's own limit so that its text is seen. */
const timeoutMs = 5_000;

/**
 * One WebSocket of a test, which sends whatever it is told and keeps what comes. Every wait ends on an event, or after 5
 * seconds with an error that lists what was received.
 */
export class TestSocket {
  /** Every message so far, taken or not. */
  readonly received: TestMessage[] = [];
  readonly #socket: WebSocket;
  readonly #waiting: TestMessage[] = [];
  readonly #watches = new Set<Watch>();
  #closed: TestClose | undefined;

  /** Begins to connect. Listens from the start: a server may send, or close, right behind the upgrade. */
  protected constructor({ url, subprotocols, headers, ca }: TestSocketOptions) {
    const options: ClientOptions = { headers: { ...headers }, ca, perMessageDeflate: false };
    this.#socket = new WebSocket(url, [...subprotocols], options);
    this.#socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as TestMessage;
      this.received.push(message);
      this.#waiting.push(message);
      this.#changed();
    });
    this.#socket.on('close', (code, reason) => {
      this.#closed = { code, reason: reason.toString() };
      this.#changed();
    });
  }

  /** Resolves when the upgrade was answered; rejects when it was refused. */
  protected async opened(): Promise<void> {
    await once(this.#socket, 'open');
    // Later failures are told by the close that follows them.
    this.#socket.on('error', () => undefined);
  }

  /** The subprotocol that the server chose; empty for none. */
  get subprotocol(): string {
    return this.#socket.protocol;
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends a frame as it is. Default: text for a string, binary for bytes. */
  sendRaw(data: string | Uint8Array, isBinary = typeof data !== 'string'): void {
    this.#socket.send(data, { binary: isBinary });
  }

  /** Sends one text message in fragments. */
  sendFragments(fragments: readonly string[]): void {
    fragments.forEach((fragment, index) => this.#socket.send(fragment, { fin: index === fragments.length - 1 }));
  }

  /** The oldest message that no wait has taken and that fits; waits for it. Others stay for later waits. */
  waitForMessage(fits: (message: TestMessage) => boolean = () => true): Promise<TestMessage> {
    return this.#wait('a message', () => {
      const index = this.#waiting.findIndex(fits);
      return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
    });
  }

  /** The code and reason of the close; waits for it. */
  waitForClose(): Promise<TestClose> {
    return this.#wait('the close', () => this.#closed);
  }

  /** Resolves when nothing came for `ms`; rejects with the first message that does. Prefer to wait for what comes instead. */
  async waitForNoMessage(ms: number, fits: (message: TestMessage) => boolean = () => true): Promise<void> {
    let found: TestMessage | undefined;
    const watch: Watch = () => (found ??= this.#waiting.find(fits));
    this.#watches.add(watch);
    watch();
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#watches.delete(watch);
    if (found) throw new Error(`Expected no message, and received ${JSON.stringify(found)}.`);
  }

  /** Stops reading from the network, as a client does that can't keep up. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes with a close frame; resolves when the connection is gone. */
  async close(code = 1000): Promise<TestClose> {
    this.#socket.close(code);
    return this.waitForClose();
  }

  /** Cuts the connection without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  #changed(): void {
    for (const watch of this.#watches) watch();
  }

  #wait<T>(what: string, take: () => T | undefined): Promise<T> {
    const taken = take();
    if (taken !== undefined) return Promise.resolve(taken);
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        const result = take();
        if (result === undefined) return;
        finish();
        resolve(result);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited in vain for ${what}. ${this.#story()}`));
      }, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.#watches.delete(watch);
      };
      this.#watches.add(watch);
    });
  }

  #story(): string {
    const frames = this.received.map((message) => `\n  ${JSON.stringify(message).slice(0, 300)}`).join('');
    const end = this.#closed ? `closed with ${this.#closed.code} "${this.#closed.reason}"` : 'still open';
    return `Received${frames || ' nothing'}\nThe connection is ${end}.`;
  }
}
