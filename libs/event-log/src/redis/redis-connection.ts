import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

import { LogUnavailableError } from '../log-unavailable-error.js';
import { retryDelayMs } from './retry-delay.js';
import { appendScript, inspectScript, renewEpochScript } from './scripts.js';

/** Commands with our scripts, as ioredis defines them from `scripts`. */
export interface LogRedis extends Redis {
  appendEntries(log: string, epoch: string, sticky: string, ...args: (string | number)[]): Promise<string[]>;
  inspectPosition(log: string, epoch: string, fresh: string, id: string): Promise<InspectReply>;
  renewEpoch(epoch: string, from: string, to: string): Promise<string>;
}

export type InspectReply = [epoch: string, last: string, has: number, next: string, link: string, oldest: string];

export interface RedisConnectionOptions {
  /** Where the server is. */
  readonly server: RedisOptions;
  /** Role of the connection, shown by CLIENT LIST. */
  readonly name: string;
  /** Longest wait for the answer to a command, in milliseconds, and for a lost connection to come back before one. */
  readonly commandTimeoutMs: number;
  /** For the reader: longest wait of a blocking command after its own BLOCK time, in milliseconds. */
  readonly blockingGraceMs?: number;
  onError(error: unknown): void;
}

/**
 * One connection to Redis that never repeats a command by itself. ioredis would resend what was not answered, which
 * doubles appends and blocks readers on a dead socket (ioredis #1888): here a command fails when its connection does, and
 * whoever gave it decides.
 */
export class RedisConnection {
  readonly redis: LogRedis;
  /** Counts the times the connection became ready: a change means that the server may be another one, or may have lost data. */
  generation = 0;
  readonly #commandTimeoutMs: number;
  readonly #closing = new AbortController();

  constructor(options: RedisConnectionOptions) {
    this.#commandTimeoutMs = options.commandTimeoutMs;
    this.redis = new Redis({
      ...options.server,
      // Replies have one shape whatever the server's version.
      protocol: 2,
      connectionName: `starling-${options.name}`,
      commandTimeout: options.commandTimeoutMs,
      connectTimeout: options.commandTimeoutMs,
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      // 0: what waits for an answer fails when the connection closes, not after twenty reconnections.
      maxRetriesPerRequest: 0,
      retryStrategy: retryDelayMs,
      // A primary that was demoted, or has lost the slot, refuses commands on connections that outlived it; the address may lead to the new
      // one now.
      reconnectOnError: (error) => /^(READONLY|MOVED) /.test(error.message),
      ...(options.blockingGraceMs === undefined
        ? {}
        : { blockingTimeout: options.commandTimeoutMs, blockingTimeoutGrace: options.blockingGraceMs }),
      scripts: {
        appendEntries: { lua: appendScript, numberOfKeys: 3 },
        inspectPosition: { lua: inspectScript, numberOfKeys: 2 },
        renewEpoch: { lua: renewEpochScript, numberOfKeys: 1 },
      },
    }) as LogRedis;
    this.redis.on('ready', () => (this.generation += 1));
    this.redis.on('error', (error) => options.onError(error));
  }

  /**
   * Waits until the connection is up, then runs the command. Rejects with `LogUnavailableError` when either takes longer
   * than the time-out, or Redis refuses. A time-out also drops the connection: its socket may be half open for ever.
   */
  async run<T>(command: (redis: LogRedis) => Promise<T>): Promise<T> {
    await this.#untilReady();
    try {
      return await command(this.redis);
    } catch (error) {
      if (isTimeout(error)) this.reset();
      throw new LogUnavailableError(`Redis did not carry out a command: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Drops the socket at once, without the farewell that a half-open peer never answers. ioredis then reconnects. */
  reset(): void {
    this.redis.stream?.destroy();
  }

  /** Ends the connection for good; commands that wait fail. Resolves when the socket is gone. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (this.redis.status === 'end') return;
    if (this.redis.status === 'reconnecting') {
      // Between two tries there is no socket, and ioredis announces no end: cancelling the next try is all.
      this.redis.disconnect();
      return;
    }
    const ended = new Promise<void>((resolve) => this.redis.once('end', () => resolve()));
    this.redis.disconnect();
    this.reset();
    await ended;
  }

  async #untilReady(): Promise<void> {
    if (this.redis.status === 'ready' && this.redis.stream.writable) return;
    const ready = new AbortController();
    const wake = () => ready.abort();
    this.redis.once('ready', wake);
    const signal = AbortSignal.any([ready.signal, this.#closing.signal]);
    await sleep(this.#commandTimeoutMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.redis.removeListener('ready', wake);
    if (this.#closing.signal.aborted) throw new LogUnavailableError('The log is closed.');
    if (!ready.signal.aborted)
      throw new LogUnavailableError(`Redis is away: no connection within ${this.#commandTimeoutMs} ms.`);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
