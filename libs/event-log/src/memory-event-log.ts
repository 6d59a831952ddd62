import { randomBytes } from 'node:crypto';

import { maxPageEntries } from './event-log.js';
import type {
  EventLog,
  GapReason,
  LastingInvalidation,
  LogGap,
  LogHooks,
  LogPage,
  LogReader,
  PositionedEntry,
  ReadOptions,
} from './event-log.js';
import type { SequencedEntry } from './log-entry.js';
import { LogUnavailableError } from './log-unavailable-error.js';
import { MemoryLogReader } from './memory-log-reader.js';
import type { Position } from './position.js';
import { defaultRetention } from './retention.js';
import type { Retention } from './retention.js';
import { withDefaults } from './with-defaults.js';

export interface MemoryEventLogOptions extends Retention, Pick<LogHooks, 'onError'> {
  /** Milliseconds of the clock that `maxAgeMs` is measured with. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The log in the memory of one process, for `npm start` and for tests: what it holds ends with the process. Readers get
 * entries in a later turn of the event loop, never inside `append`, as they do from Redis.
 */
export function createMemoryEventLog(options: MemoryEventLogOptions = {}): EventLog {
  return new MemoryEventLog(options);
}

interface StoredEntry extends PositionedEntry {
  readonly index: number;
}

const partition = '0';

class MemoryEventLog implements EventLog {
  readonly #epoch = randomBytes(12).toString('base64url');
  readonly #options: MemoryEventLogOptions;
  readonly #retention: Required<Retention>;
  readonly #now: () => number;
  readonly #readers = new Set<MemoryLogReader>();
  #entries: StoredEntry[] = [];
  /** Sticky invalidations, those that are over soonest first. */
  #lasting: LastingInvalidation[] = [];
  /** Entries ever written: the index of the last, and what its id is made of. */
  #count = 0;
  #isClosed = false;

  constructor(options: MemoryEventLogOptions) {
    this.#options = options;
    this.#retention = withDefaults<Required<Retention>>(defaultRetention, options);
    this.#now = options.now ?? Date.now;
  }

  async append(batch: readonly SequencedEntry[]): Promise<readonly Position[]> {
    this.#assertOpen();
    const positions = batch.map((sequenced) => {
      const index = (this.#count += 1);
      const position = this.#positionAt(index);
      const writtenAtMs = this.#now();
      this.#entries.push({ ...sequenced, position, index, writtenAtMs });
      this.#remember(sequenced, writtenAtMs);
      return position;
    });
    this.#trim();
    for (const reader of this.#readers) reader.wake();
    return positions;
  }

  async read(options: ReadOptions): Promise<LogReader> {
    this.#assertOpen();
    const reader = new MemoryLogReader({
      options,
      start: options.from ?? this.#positionAt(this.#count),
      fetch: (after) => this.#read(after, maxPageEntries),
      lasting: () => this.#lasting,
      onError: (error) => this.#options.onError?.(error),
      onClose: () => this.#readers.delete(reader),
    });
    this.#readers.add(reader);
    await reader.tellLasting();
    reader.wake();
    return reader;
  }

  async page(after: Position, limit = maxPageEntries): Promise<LogPage | LogGap> {
    this.#assertOpen();
    const page = this.#read(after, Math.min(limit, maxPageEntries));
    return 'reason' in page ? { ...page, to: this.#positionAt(this.#count) } : page;
  }

  async tail(): Promise<Position> {
    this.#assertOpen();
    return this.#positionAt(this.#count);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    this.#entries = [];
    this.#lasting = [];
  }

  #read(after: Position, limit: number): LogPage | LogGap {
    const index = indexOf(after);
    const oldest = this.#entries[0]?.index ?? this.#count + 1;
    const gap = (reason: GapReason, toIndex: number): LogGap => ({
      reason,
      from: after,
      to: this.#positionAt(toIndex),
    });
    if (after.epoch !== this.#epoch || after.partition !== partition) return gap('reset', 0);
    if (index === undefined || index > this.#count) return gap('rewound', this.#count);
    if (index < oldest - 1) return gap('trimmed', oldest - 1);
    const entries = this.#entries.slice(index - oldest + 1, index - oldest + 1 + limit);
    const last = entries.at(-1);
    return {
      entries,
      isLast: (last?.index ?? index) === this.#count,
      position: last?.position ?? after,
    };
  }

  #remember({ entry }: SequencedEntry, writtenAtMs: number): void {
    if (entry.kind !== 'invalidation' || entry.stickySeconds === undefined) return;
    const lasting = { entry, endsAtMs: writtenAtMs + entry.stickySeconds * 1000 };
    this.#lasting = [...this.#lasting, lasting].sort((a, b) => a.endsAtMs - b.endsAtMs);
  }

  #trim(): void {
    const now = this.#now();
    const firstLasting = this.#lasting.findIndex(({ endsAtMs }) => endsAtMs > now);
    const over = firstLasting < 0 ? this.#lasting.length : firstLasting;
    const excessive = this.#lasting.length - this.#retention.maxStickyInvalidations;
    // A new list: readers may hold the one that they were told.
    if (over > 0 || excessive > 0) this.#lasting = this.#lasting.slice(Math.max(over, excessive));
    const oldestTime = now - this.#retention.maxAgeMs;
    const excess = this.#entries.length - this.#retention.maxEntries;
    const firstKept = this.#entries.findIndex((entry, i) => i >= excess && entry.writtenAtMs >= oldestTime);
    if (firstKept > 0) this.#entries.splice(0, firstKept);
  }

  #positionAt(index: number): Position {
    return { epoch: this.#epoch, partition, id: `${index}-0` };
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new LogUnavailableError('The log is closed.');
  }
}

/** The index in an id of ours; undefined for the id of another kind of log. */
function indexOf({ id }: Position): number | undefined {
  const [index, counter] = id.split('-').map(Number);
  return counter === 0 ? index : undefined;
}
