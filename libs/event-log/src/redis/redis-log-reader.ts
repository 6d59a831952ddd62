import { setTimeout as sleep } from 'node:timers/promises';

import type {
  Handled,
  LastingInvalidation,
  LogGap,
  LogHooks,
  LogReader,
  ReadOptions,
  ReaderState,
} from '../event-log.js';
import { originId, timeOfId } from '../position.js';
import type { Position } from '../position.js';
import { ProducerMemory } from '../producer-memory.js';
import { fromFields, toFieldMap } from './entry-fields.js';
import type { RawEntry } from './entry-fields.js';
import { judge, toInspection } from './history.js';
import type { Discontinuity, Inspection } from './history.js';
import type { LogKeys } from './keys.js';
import { readLasting } from './lasting.js';
import type { LogRedis, RedisConnection } from './redis-connection.js';
import { isPromotion, parseReplication, renewedEpoch } from './replication.js';
import type { Replication } from './replication.js';
import { findUndelivered } from './undelivered.js';

/** Pause after a failure, in milliseconds, so that an error that repeats at once does not take a whole core. */
const pauseMs = 100;

export interface RedisLogReaderSettings {
  readonly connection: RedisConnection;
  readonly keys: LogKeys;
  readonly partition: string;
  readonly blockMs: number;
  readonly readCount: number;
  /** An epoch for a log that has none. */
  readonly freshEpoch: () => string;
  readonly hooks: LogHooks;
  /** The reader was closed and holds nothing any more. */
  onClose(): void;
}

/** Reads a stream with blocking XREAD on a connection of its own, from a position that it keeps through absences of Redis. */
export class RedisLogReader implements LogReader {
  readonly #settings: RedisLogReaderSettings;
  readonly #options: ReadOptions;
  readonly #memory = new ProducerMemory();
  readonly #closing = new AbortController();
  #position!: Position;
  /** Where reading began: what stands before is not this reader's to deliver. */
  #startId = originId;
  #state: ReaderState = 'reading';
  #replication: Replication = { id: '', parentId: '' };
  /** Generation of the connection on which the position was last compared with the log. */
  #checkedGeneration = 0;
  #lastAnswerAt = performance.now();
  #running: Promise<void> = Promise.resolve();

  private constructor(settings: RedisLogReaderSettings, options: ReadOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  /** Resolves when the start is a concrete position; closes the connection when there is none to be had. */
  static async start(settings: RedisLogReaderSettings, options: ReadOptions): Promise<RedisLogReader> {
    const reader = new RedisLogReader(settings, options);
    try {
      await settings.connection.run((redis) => reader.#begin(redis));
    } catch (error) {
      await settings.connection.close();
      throw error;
    }
    reader.#running = reader.#run();
    return reader;
  }

  get position(): Position {
    return this.#position;
  }

  get state(): ReaderState {
    return this.#state;
  }

  get silentMs(): number {
    return performance.now() - this.#lastAnswerAt;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#settings.connection.close();
    await this.#running;
    this.#settings.onClose();
  }

  async #begin(redis: LogRedis): Promise<void> {
    const { from } = this.#options;
    if (from) {
      this.#position = from;
      this.#startId = from.id;
      const hadGap = await this.#check(redis);
      if (!hadGap) await this.#tellLasting(await this.#readLasting(redis));
      return;
    }
    this.#replication = parseReplication(await redis.info('replication'));
    const { epoch, lastId } = await this.#inspect(redis, originId);
    this.#position = { epoch, partition: this.#settings.partition, id: lastId };
    this.#startId = lastId;
    this.#checkedGeneration = this.#settings.connection.generation;
    // After the position is fixed: what is appended from here on comes as an entry.
    await this.#tellLasting(await this.#readLasting(redis));
    this.#lastAnswerAt = performance.now();
  }

  async #run(): Promise<void> {
    const { connection, hooks } = this.#settings;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await connection.run((redis) => this.#readOnce(redis));
      } catch (error) {
        if (signal.aborted) return;
        this.#setState('waiting');
        hooks.onError?.(error);
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #readOnce(redis: LogRedis): Promise<void> {
    const { keys, blockMs, readCount, connection } = this.#settings;
    if (this.#checkedGeneration !== connection.generation) await this.#check(redis);
    if (this.#closing.signal.aborted) return;
    this.#setState('reading');
    const reply = await redis.xread('COUNT', readCount, 'BLOCK', blockMs, 'STREAMS', keys.log, this.#position.id);
    if (this.#closing.signal.aborted) return;
    const entries = reply?.[0]?.[1];
    if (entries) {
      this.#lastAnswerAt = performance.now();
      await this.#deliver(redis, entries);
    } else {
      // An idle log and a half-open socket both give null here. The question that follows tells them apart: unanswered, it
      // times out and drops the connection. It also finds a log that was flushed or rewound and is silent since.
      await this.#check(redis);
    }
  }

  async #deliver(redis: LogRedis, entries: readonly RawEntry[]): Promise<void> {
    for (const raw of entries) {
      const fields = toFieldMap(raw);
      const link = fields.get('previous') ?? '';
      if (link !== '' && link !== this.#position.id) {
        await this.#check(redis);
        return;
      }
      this.#position = { ...this.#position, id: raw[0] };
      const decoded = fromFields(fields);
      if (typeof decoded === 'string') {
        void this.#call(() => this.#settings.hooks.onSkipped?.({ position: this.#position, reason: decoded }));
      } else if (this.#memory.admit(decoded)) {
        const rest = this.#call(() => this.#options.onEntry(decoded.entry, this.#position, timeOfId(raw[0])));
        if (rest) await rest;
      }
      if (this.#closing.signal.aborted) return;
    }
  }

  /** Compares the position with the log; reports a gap and moves to where reading goes on. Resolves with whether there was one. */
  async #check(redis: LogRedis): Promise<boolean> {
    const { generation } = this.#settings.connection;
    const replication = parseReplication(await redis.info('replication'));
    const isPromoted = isPromotion(this.#replication, replication);
    if (isPromoted) await this.#renewEpoch(redis, replication);
    const found = await this.#inspect(redis, this.#position.id);
    const discontinuity = judge(this.#position, found, isPromoted);
    const to = discontinuity && (await this.#resumeId(redis, discontinuity, found));
    const lasting = discontinuity ? await this.#readLasting(redis) : [];
    // Only now: a failure above must find the same facts again at the next try.
    this.#replication = replication;
    this.#checkedGeneration = generation;
    this.#lastAnswerAt = performance.now();
    if (!discontinuity || to === undefined || this.#closing.signal.aborted) return false;
    const from = this.#position;
    this.#position = { ...from, epoch: found.epoch, id: to };
    if (discontinuity.reason === 'reset') this.#startId = originId;
    const gap: LogGap = { reason: discontinuity.reason, from, to: this.#position };
    void this.#call(() => this.#options.onGap(gap));
    await this.#tellLasting(lasting);
    return true;
  }

  async #readLasting(redis: LogRedis): Promise<readonly LastingInvalidation[]> {
    const { keys, hooks } = this.#settings;
    return this.#options.onLasting ? readLasting(redis, keys.sticky, (error) => hooks.onError?.(error)) : [];
  }

  async #tellLasting(lasting: readonly LastingInvalidation[]): Promise<void> {
    if (lasting.length > 0) await this.#call(() => this.#options.onLasting?.(lasting));
  }

  async #renewEpoch(redis: LogRedis, replication: Replication): Promise<void> {
    const { epoch } = this.#position;
    await redis.renewEpoch(this.#settings.keys.epoch, epoch, renewedEpoch(epoch, replication));
  }

  async #inspect(redis: LogRedis, id: string): Promise<Inspection> {
    const { keys, freshEpoch } = this.#settings;
    return toInspection(await redis.inspectPosition(keys.log, keys.epoch, freshEpoch(), id));
  }

  async #resumeId(redis: LogRedis, { resumeAt }: Discontinuity, found: Inspection): Promise<string> {
    switch (resumeAt) {
      case 'here':
        return this.#position.id;
      case 'start':
        return originId;
      case 'next':
        return found.nextId === '' ? found.lastId : found.nextLink || this.#position.id;
      case 'undelivered':
        return findUndelivered(redis, {
          key: this.#settings.keys.log,
          memory: this.#memory,
          startId: this.#startId,
          lastId: found.lastId,
        });
    }
  }

  #setState(state: ReaderState): void {
    if (this.#state === state) return;
    this.#state = state;
    void this.#call(() => this.#options.onStateChange?.(state));
  }

  /** Runs a callback of the user: what it throws is its own mistake, and no reason to stop reading for everybody. */
  #call(callback: () => Handled): Promise<void> | undefined {
    try {
      return callback()?.catch((error: unknown) => this.#settings.hooks.onError?.(error));
    } catch (error) {
      this.#settings.hooks.onError?.(error);
      return undefined;
    }
  }
}
