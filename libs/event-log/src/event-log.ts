import type { InvalidationEntry, LogEntry, SequencedEntry } from './log-entry.js';
import type { Position } from './position.js';

/**
 * Why reading could not go on right after a position:
 * - `trimmed`: retention removed entries that follow it;
 * - `reset`: the log is another one than the position's (flushed, replaced, restarted without its data);
 * - `rewound`: the log has gone backwards, entries that were read are no longer in it (a failover that lost its tail);
 * - `failover`: another server has taken over. Nothing that was read is missing, but entries that were acknowledged and
 *   not yet read may be, and nobody can tell.
 */
export type GapReason = 'trimmed' | 'reset' | 'rewound' | 'failover';

/** Entries may be missing between two positions. */
export interface LogGap {
  readonly reason: GapReason;
  /** Where the reader stood. */
  readonly from: Position;
  /** Reading goes on with the entry after this one. */
  readonly to: Position;
}

/** `waiting`: the log is away; the reader keeps its position and goes on when the log is back. */
export type ReaderState = 'reading' | 'waiting';

/** A sticky invalidation that is not over. */
export interface LastingInvalidation {
  readonly entry: InvalidationEntry;
  /** When it is over: milliseconds since the epoch, by the clock of the log. */
  readonly endsAtMs: number;
}

/** Undefined where a callback is done, else a promise that is settled when it is. */
export type Handled = Promise<void> | undefined | void;

export interface ReadOptions {
  /** Reading starts with the entry after this position. Default: the tail. */
  readonly from?: Position;
  /**
   * Called for each entry, in order, once. What it throws is reported to the log's `onError` and reading goes on.
   * `writtenAtMs` is when the log took the entry: milliseconds since the epoch, by the log's clock.
   *
   * Where it answers a promise, nothing else is called until that is settled, and at most the page at hand is kept
   * meanwhile: whoever is slow leaves the rest in the log.
   */
  onEntry(entry: LogEntry, position: Position, writtenAtMs: number): Handled;
  /**
   * Called once for each gap, before the entries that follow it. May be called before `read` resolves, when `from` is no
   * longer good.
   */
  onGap(gap: LogGap): void;
  /**
   * Called with the sticky invalidations that still last, however long ago retention removed their entries: before `read`
   * resolves, and after each gap, which may have swallowed some. In several parts when there are many, not at all when there are
   * none. What was handed to `onEntry` before may come again, and what is over by now may be among them. A promise is waited
   * for, as that of `onEntry`.
   */
  onLasting?(invalidations: readonly LastingInvalidation[]): Handled;
  /** Called when the state changes; the first state, `reading`, is not announced. */
  onStateChange?(state: ReaderState): void;
}

/** One reading of the log, from `read` to `close`. */
export interface LogReader {
  /** After the last entry that was handed to `onEntry`, skipped or dropped. Inside `onEntry`: that entry's position. */
  readonly position: Position;
  readonly state: ReaderState;
  /** Milliseconds since the log last answered this reader; grows while the log is away. */
  readonly silentMs: number;
  /**
   * No callback is called after this was called. Resolves when nothing is left open, and the promise of the last callback is
   * settled. May be called twice.
   */
  close(): Promise<void>;
}

/** A bounded piece of the log, for a subscription that resumes from its cursor. */
export interface LogPage {
  /** In order. The same entry may stand here twice, if its append was retried: drop by producer and sequence. */
  readonly entries: readonly PositionedEntry[];
  /** True when the log has nothing after the last of `entries` (as it stood when it was read). */
  readonly isLast: boolean;
  /** Where to ask for the next page. */
  readonly position: Position;
}

export interface PositionedEntry extends SequencedEntry {
  readonly position: Position;
  /** When the log took it: milliseconds since the epoch, by the log's clock. */
  readonly writtenAtMs: number;
}

/** An entry that no reader can read: written by a newer release, or by somebody else. */
export interface SkippedEntry {
  readonly position: Position;
  readonly reason: 'unknown-version' | 'malformed';
}

/**
 * The ordered log of an API: one partition, one total order. Every implementation passes
 * `libs/event-log/test/event-log.contract.ts`; what is promised and what is not stands in docs/reference/event-log.md.
 */
export interface EventLog {
  /**
   * Appends in order, all or nothing; resolves with the positions when the log has acknowledged. Rejects with
   * `LogUnavailableError` when it has not: whether the entries were written is then unknown, and appending the same batch
   * again is safe. One producer's batches are appended one after another, never at once (`Publisher` sees to it).
   */
  append(batch: readonly SequencedEntry[]): Promise<readonly Position[]>;
  /**
   * Starts reading. The start is a concrete position before the promise resolves: nothing appended after that is missed.
   * Rejects with `LogUnavailableError` when the log cannot be reached for that; later absences are waited out.
   */
  read(options: ReadOptions): Promise<LogReader>;
  /**
   * At most `limit` entries (default and most: 500) after a position. Answers a gap instead when the log no longer has
   * everything that followed the position: never a part of what was missed.
   */
  page(after: Position, limit?: number): Promise<LogPage | LogGap>;
  /** The position after the last entry. */
  tail(): Promise<Position>;
  /** Closes the log and every reader of it. May be called twice. */
  close(): Promise<void>;
}

/** What each log reports about itself; both default to nothing, so whoever builds a log decides what is logged and counted. */
export interface LogHooks {
  /** An entry was skipped; reading goes on. */
  onSkipped?(skipped: SkippedEntry): void;
  /** Something failed that the log gets over by itself: a lost connection, a callback that threw. */
  onError?(error: unknown): void;
}

/** Most entries of one `page`: without a bound one client's resume could fill the server's output buffer. */
export const maxPageEntries = 500;
