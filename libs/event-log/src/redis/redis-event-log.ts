import { randomBytes } from 'node:crypto';

import { maxPageEntries } from '../event-log.js';
import type { EventLog, LogGap, LogHooks, LogPage, LogReader, PositionedEntry, ReadOptions } from '../event-log.js';
import type { SequencedEntry } from '../log-entry.js';
import { originId, timeOfId } from '../position.js';
import type { Position } from '../position.js';
import { defaultRetention } from '../retention.js';
import type { Retention } from '../retention.js';
import { withDefaults } from '../with-defaults.js';
import { fromFields, toArguments, toFieldMap } from './entry-fields.js';
import type { RawEntry } from './entry-fields.js';
import { judge, toInspection } from './history.js';
import type { Inspection } from './history.js';
import { logKeys } from './keys.js';
import type { LogKeys } from './keys.js';
import { toRedisOptions } from './redis-address.js';
import type { RedisAddress } from './redis-address.js';
import { RedisConnection } from './redis-connection.js';
import type { LogRedis } from './redis-connection.js';
import { RedisLogReader } from './redis-log-reader.js';

export interface RedisEventLogOptions extends RedisAddress, Retention, LogHooks {
  /** Name of the API; logs of different names share nothing. */
  readonly api: string;
  /** Default `0`: one partition, a total order over the API. */
  readonly partition?: string;
  /**
   * Longest wait of a reader in one blocking call, in milliseconds. Default 2000: an idle gateway costs Redis a few
   * commands every two seconds, and a half-open connection is noticed within three times this, before readiness fails
   * (10 s).
   */
  readonly blockMs?: number;
  /**
   * Entries fetched at once by a reader. Default 100: on a network of 1 ms that is 100,000 entries a second, and a hundred
   * of the largest entries still fit in memory.
   */
  readonly readCount?: number;
  /**
   * Longest wait for an append, a page or the tail, in milliseconds. Default 2000: an answer that takes longer comes from a
   * connection that is dead more often than from a Redis that is slow.
   */
  readonly commandTimeoutMs?: number;
}

/**
 * The log on Redis Streams. Connects at once and keeps trying for ever, so it can be made before Redis is up. Three kinds
 * of connection, because a blocked one answers nothing else: one writes, one asks, and each reader has its own.
 *
 * Throws a `RangeError` for names that cannot stand in a key.
 */
export function createRedisEventLog(options: RedisEventLogOptions): EventLog {
  return new RedisEventLog(options);
}

class RedisEventLog implements EventLog {
  readonly #options: RedisEventLogOptions;
  readonly #retention: Required<Retention>;
  readonly #partition: string;
  readonly #keys: LogKeys;
  readonly #writer: RedisConnection;
  readonly #side: RedisConnection;
  readonly #connections = new Set<RedisConnection>();
  readonly #readers = new Set<LogReader>();

  constructor(options: RedisEventLogOptions) {
    this.#options = options;
    this.#retention = withDefaults<Required<Retention>>(defaultRetention, options);
    this.#partition = options.partition ?? '0';
    this.#keys = logKeys(options.api, this.#partition);
    const commandTimeoutMs = options.commandTimeoutMs ?? 2000;
    this.#writer = this.#connect({ name: 'log-writer', commandTimeoutMs });
    this.#side = this.#connect({ name: 'log-side', commandTimeoutMs });
  }

  async append(batch: readonly SequencedEntry[]): Promise<readonly Position[]> {
    if (batch.length === 0) return [];
    const { maxEntries, maxAgeMs, maxStickyInvalidations } = this.#retention;
    const [epoch, ...ids] = await this.#writer.run((redis) =>
      redis.appendEntries(
        this.#keys.log,
        this.#keys.epoch,
        this.#keys.sticky,
        freshEpoch(),
        maxEntries,
        maxAgeMs,
        maxStickyInvalidations,
        ...batch.flatMap(toArguments),
      ),
    );
    return ids.map((id) => this.#position(epoch ?? '', id));
  }

  async read(options: ReadOptions): Promise<LogReader> {
    const blockMs = this.#options.blockMs ?? 2000;
    const connection = this.#connect({
      name: 'log-reader',
      // A silent server has 1.25 × BLOCK to end the blocking call and 1.75 × BLOCK for the question after it: 3 in all.
      blockingGraceMs: blockMs * 0.25,
      commandTimeoutMs: blockMs * 1.75,
    });
    const reader: LogReader = await RedisLogReader.start(
      {
        connection,
        keys: this.#keys,
        partition: this.#partition,
        blockMs,
        readCount: this.#options.readCount ?? 100,
        freshEpoch,
        hooks: this.#options,
        onClose: () => {
          this.#readers.delete(reader);
          this.#connections.delete(connection);
        },
      },
      options,
    );
    this.#readers.add(reader);
    return reader;
  }

  async page(after: Position, limit = maxPageEntries): Promise<LogPage | LogGap> {
    const count = Math.min(limit, maxPageEntries);
    return this.#side.run(async (redis) => {
      const found = await this.#inspect(redis, after.id);
      const gapFor = (reason: LogGap['reason']): LogGap => ({
        reason,
        from: after,
        to: this.#position(found.epoch, found.lastId),
      });
      const discontinuity = judge(after, found, false);
      if (discontinuity) return gapFor(discontinuity.reason);
      const raw: RawEntry[] = await redis.xrange(this.#keys.log, `(${after.id}`, '+', 'COUNT', count);
      const entries: PositionedEntry[] = [];
      let id = after.id;
      for (const one of raw) {
        const fields = toFieldMap(one);
        const link = fields.get('previous') ?? '';
        // Retention may have run between the two commands.
        if (link !== '' && link !== id) return gapFor('trimmed');
        id = one[0];
        const decoded = fromFields(fields);
        if (typeof decoded === 'string') continue;
        entries.push({ ...decoded, position: this.#position(found.epoch, id), writtenAtMs: timeOfId(id) });
      }
      return { entries, isLast: raw.length < count, position: this.#position(found.epoch, id) };
    });
  }

  async tail(): Promise<Position> {
    const { epoch, lastId } = await this.#side.run((redis) => this.#inspect(redis, originId));
    return this.#position(epoch, lastId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }

  async #inspect(redis: LogRedis, id: string): Promise<Inspection> {
    return toInspection(await redis.inspectPosition(this.#keys.log, this.#keys.epoch, freshEpoch(), id));
  }

  #position(epoch: string, id: string): Position {
    return { epoch, partition: this.#partition, id };
  }

  #connect(settings: { name: string; commandTimeoutMs: number; blockingGraceMs?: number }): RedisConnection {
    const connection = new RedisConnection({
      server: toRedisOptions(this.#options, this.#keys.log, settings.commandTimeoutMs),
      ...settings,
      onError: (error) => this.#options.onError?.(error),
    });
    this.#connections.add(connection);
    return connection;
  }
}

/** Of this process: 96 bits of chance, which no other process meets. */
const epochPrefix = randomBytes(12).toString('base64url');

let epochCount = 0;

/** A name for a history that begins now: another one every time, because each append offers one. */
function freshEpoch(): string {
  epochCount += 1;
  return `${epochPrefix}.${epochCount.toString(36)}`;
}
