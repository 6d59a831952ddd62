import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTimeMs } from '../measure/cpu-time.js';
import { monotonicUs } from '../measure/monotonic.js';
import type { BoardId, ClientCredentials } from './client-protocol.js';
import { LoadConnection } from './load-connection.js';
import type { LoadObserver, LoadTarget } from './load-connection.js';

/** Longest wait for anything a server should do, in milliseconds: far more than the slowest peer needs. */
const patienceMs = 120_000;

/** Connections on their way at once, so that a queue of connections does not overflow where it is not what is measured. */
const usualConcurrency = 100;

/** CPU time in which a server does nothing but wait, and the time over which it is looked at, in milliseconds. */
const idleMs = 3;
const settlingMs = 100;

/** What stands before a task's time of sending, in every server's frames. */
const sentAtMark = Buffer.from('"sentAt":');

/** Bytes of a frame in which the time is looked for: it is the first field. */
const searchedBytes = 200;

export interface OpenOptions {
  /** Default: every board's tasks. */
  readonly boardId?: (index: number) => BoardId;
  /** Default: the target's API key. */
  readonly credentials?: (index: number) => ClientCredentials;
  /** Default 100. */
  readonly concurrency?: number;
  /** Count refusals, in `lostConnections`, and go on. Default: the first one is an error. */
  readonly countsRefusals?: boolean;
}

/** Thousands of clients of one server, and what they have received together. */
export class Load implements LoadObserver {
  /** Deliveries so far. */
  received = 0;
  /** Connections that the server ended or refused so far, and what it said last. */
  lostConnections = 0;
  lastReason = '';
  private readonly connections = new Set<LoadConnection>();
  private latenciesMs: number[] | undefined;
  private wakeAt = Infinity;
  private wake: (() => void) | undefined;

  constructor(private readonly target: LoadTarget) {}

  /** Connects and subscribes. Rejects at the first that is refused, unless these are counted. */
  async open(count: number, options: OpenOptions = {}): Promise<readonly LoadConnection[]> {
    const { boardId = () => undefined, credentials, concurrency = usualConcurrency, countsRefusals = false } = options;
    const opened: LoadConnection[] = [];
    let next = 0;
    const openSome = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const connection = new LoadConnection(this.target, boardId(index), this, credentials?.(index));
        opened.push(connection);
        await connection.subscribed().catch((error: unknown) => {
          // `lost` has counted it.
          if (!countsRefusals) throw error;
        });
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(concurrency, count) }, openSome));
    } finally {
      for (const connection of opened) this.connections.add(connection);
    }
    return opened;
  }

  /** Resolves when the server has nothing left to do: graphql-transport-ws has no word for "subscribed". */
  async settled(pid: number): Promise<void> {
    for (let before = -Infinity; cpuTimeMs(pid) - before > idleMs;) {
      before = cpuTimeMs(pid);
      await sleep(settlingMs);
    }
  }

  /** Resolves when that many deliveries have come in all. */
  async whenReceived(total: number): Promise<void> {
    if (this.received >= total) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.wakeAt = total;
      this.wake = resolve;
      const complain = () =>
        reject(
          new Error(`${this.received} of ${total} deliveries came; ${this.lostConnections} lost: ${this.lastReason}`),
        );
      timer = setTimeout(complain, patienceMs);
    });
    clearTimeout(timer);
  }

  /** Runs something and returns how long the deliveries of that time took from publishing, in milliseconds. */
  async latenciesDuring(work: () => Promise<unknown>): Promise<readonly number[]> {
    const latenciesMs: number[] = [];
    this.latenciesMs = latenciesMs;
    await work();
    this.latenciesMs = undefined;
    return latenciesMs;
  }

  /** Of one that has left. */
  forget(connection: LoadConnection): void {
    this.connections.delete(connection);
  }

  /** Ends all connections without a word, and waits until the server has got over it. */
  async close(pid: number): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    this.connections.clear();
    await sleep(50);
    await this.settled(pid);
  }

  delivered(bytes: Buffer, start: number, end: number): void {
    this.received += 1;
    if (this.latenciesMs) {
      const at = bytes.subarray(start, Math.min(end, start + searchedBytes)).indexOf(sentAtMark);
      // A time that was cut in two by the end of what was read is left out.
      if (at >= 0 && start + at + 40 < end) {
        const digits = bytes.toString('latin1', start + at + sentAtMark.length, start + at + 40);
        this.latenciesMs.push((monotonicUs() - Number.parseInt(digits, 10)) / 1_000);
      }
    }
    if (this.received >= this.wakeAt) {
      this.wakeAt = Infinity;
      this.wake?.();
    }
  }

  lost(reason: string): void {
    this.lostConnections += 1;
    this.lastReason = reason;
  }
}
