import type {
  EventLog,
  Handled,
  LastingInvalidation,
  LogEntry,
  LogGap,
  LogReader,
  Position,
  ReaderState,
} from '#libs/event-log';

import { taskIds } from './entries.js';

/** A reader that keeps what it is told, with waits that end on events. */
export interface Recording {
  readonly reader: LogReader;
  readonly entries: readonly LogEntry[];
  readonly positions: readonly Position[];
  readonly writtenAtMs: readonly number[];
  readonly gaps: readonly LogGap[];
  /** What the reader was told of sticky invalidations, in order. */
  readonly lasting: readonly LastingInvalidation[];
  readonly states: readonly ReaderState[];
  /** Task ids and, where they were reported, gaps as `gap:<reason>`, in order. */
  readonly story: readonly string[];
  waitFor(isMet: (recording: Recording) => boolean, what: string): Promise<void>;
}

export interface RecordOptions {
  readonly from?: Position;
  /** Runs inside the callback, after the entry was recorded. */
  readonly onEntry?: (entry: LogEntry) => Handled;
  /** Longest wait of `waitFor`. Default 10,000 ms. */
  readonly timeoutMs?: number;
}

export async function record(log: EventLog, options: RecordOptions = {}): Promise<Recording> {
  const entries: LogEntry[] = [];
  const positions: Position[] = [];
  const writtenAtMs: number[] = [];
  const gaps: LogGap[] = [];
  const lasting: LastingInvalidation[] = [];
  const states: ReaderState[] = [];
  const story: string[] = [];
  const watchers = new Set<() => void>();
  const changed = () => watchers.forEach((watch) => watch());

  const reader = await log.read({
    from: options.from,
    onEntry(entry, position, writtenAt) {
      entries.push(entry);
      writtenAtMs.push(writtenAt);
      positions.push(position);
      story.push(...(entry.kind === 'event' ? taskIds([entry]) : [`invalidation:${entry.subscriptionField}`]));
      changed();
      return options.onEntry?.(entry);
    },
    onGap(gap) {
      gaps.push(gap);
      story.push(`gap:${gap.reason}`);
      changed();
    },
    onLasting(invalidations) {
      lasting.push(...invalidations);
      story.push(...invalidations.map(({ entry }) => `lasting:${entry.payload}`));
      changed();
    },
    onStateChange(state) {
      states.push(state);
      changed();
    },
  });

  const recording: Recording = {
    reader,
    entries,
    positions,
    writtenAtMs,
    gaps,
    lasting,
    states,
    story,
    waitFor: (isMet, what) =>
      new Promise((resolve, reject) => {
        const finish = () => {
          clearTimeout(timer);
          watchers.delete(watch);
        };
        const watch = () => {
          if (!isMet(recording)) return;
          finish();
          resolve();
        };
        const timer = setTimeout(() => {
          finish();
          reject(
            new Error(`waited in vain for ${what}; recorded: ${story.slice(-20).join(' ')} | ${states.join(' ')}`),
          );
        }, options.timeoutMs ?? 10_000);
        watchers.add(watch);
        watch();
      }),
  };
  return recording;
}
