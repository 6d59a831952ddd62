import { randomUUID } from 'node:crypto';

import { FieldError, RequestError } from '#libs/protocol';

import type { EventLog } from './event-log.js';
import type { LogEntry, SequencedEntry } from './log-entry.js';
import { PublishQueue } from './publish-queue.js';
import { publisherDefaults, reserveShare } from './publisher-options.js';
import type { PublisherOptions } from './publisher-options.js';
import { withDefaults } from './with-defaults.js';

/** `appended`: the log has the entries. `deferred`: they wait, in order, and will be appended when the log is back. */
export type PublishResult = 'appended' | 'deferred';

/** Numbers of a publisher's life, for metrics. */
export interface PublisherCounters {
  /** Entries and payload bytes that wait now, those of the batch in flight among them. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Entries acknowledged by the log. */
  readonly appended: number;
  /** Entries whose `publish` was answered before the log had them. */
  readonly deferred: number;
  /** Appends that failed and were, or will be, tried again. */
  readonly retried: number;
  /** Entries refused because queue and reserve were full. */
  readonly refused: number;
  /** Entries refused because each alone was over the bound. */
  readonly oversized: number;
}

/**
 * Puts a process's entries into the log: in the order of `publish`, each once, whatever the log's absences. One append is
 * in flight at a time and is repeated until it is acknowledged, so nothing overtakes a batch that is retried, and a batch
 * that was written twice is recognised by its sequence numbers. What waits meanwhile goes into the next batch together.
 */
export class Publisher {
  readonly #log: Pick<EventLog, 'append'>;
  readonly #options: Required<PublisherOptions>;
  readonly #queue = new PublishQueue();
  /** A new identity for each publisher: a process that comes back must not reuse the sequence numbers of the one before. */
  readonly #producer = randomUUID();
  readonly #counts = { appended: 0, deferred: 0, retried: 0, refused: 0, oversized: 0 };
  #sequence = 0;
  #isPumping = false;
  /** An append has failed or somebody has waited for one in vain, and none was acknowledged since. */
  #isLogAway = false;
  #isClosed = false;
  #whenEmpty: (() => void)[] = [];
  #endPause: (() => void) | undefined;

  constructor(log: Pick<EventLog, 'append'>, options: PublisherOptions = {}) {
    this.#log = log;
    this.#options = withDefaults<Required<PublisherOptions>>(publisherDefaults, options);
  }

  /** False when the queue is full or the publisher closed: refuse a mutation before it touches its data source. */
  get isAccepting(): boolean {
    return !this.#isClosed && this.#fill < 1;
  }

  /** False from a half-full queue on: send requests to another pod while this one catches up. */
  get isReady(): boolean {
    return !this.#isClosed && this.#fill < 0.5;
  }

  get counters(): PublisherCounters {
    return { queued: this.#queue.entries, queuedBytes: this.#queue.bytes, ...this.#counts };
  }

  /**
   * Brings entries to the log, side by side. Resolves when the log has them, or with `deferred`: after `ackTimeoutMs`, and at once from then on
   * until the log answers again, or while an append that failed is tried again. Rejects with a `RequestError` (`PUBLISH_QUEUE_FULL`) when there is
   * no room even in the reserve; none of the entries is then kept. Rejects with a `FieldError` (`EventTooLarge`) when an entry alone is over the
   * bound, after the others were brought there: it must not keep them out, least of all an invalidation.
   */
  async publish(entries: readonly LogEntry[]): Promise<PublishResult> {
    const { maxEntryBytes } = this.#options;
    const fitting: LogEntry[] = [];
    const refusals: FieldError[] = [];
    let fittingBytes = 0;
    for (const entry of entries) {
      const bytes = Buffer.byteLength(entry.payload);
      if (bytes > maxEntryBytes) refusals.push(tooLarge(entry, bytes, maxEntryBytes));
      else {
        fitting.push(entry);
        fittingBytes += bytes;
      }
    }
    const result = fitting.length === 0 ? 'appended' : await this.#accept(fitting, fittingBytes);
    const [refusal] = refusals;
    if (!refusal) return result;
    this.#counts.oversized += refusals.length;
    throw refusal;
  }

  async #accept(entries: readonly LogEntry[], bytes: number): Promise<PublishResult> {
    if (this.#isClosed || this.#fill >= 1 + reserveShare) {
      this.#counts.refused += entries.length;
      throw new RequestError('PUBLISH_QUEUE_FULL', 'The event log is not reachable and the queue of events is full.');
    }
    return this.#isLogAway ? this.#defer(entries, bytes) : this.#enqueue(entries, bytes);
  }

  /**
   * Waits until everything that waits is in the log, at most `timeoutMs`. Resolves with whether it is; call it after the
   * last `publish`, before `close`. A pause between two tries is cut short.
   */
  async drain(timeoutMs: number): Promise<boolean> {
    if (this.#queue.entries === 0) return true;
    this.#endPause?.();
    return new Promise((resolve) => {
      const finish = (isEmpty: boolean) => {
        clearTimeout(timer);
        this.#whenEmpty = this.#whenEmpty.filter((other) => other !== onEmpty);
        resolve(isEmpty);
      };
      const onEmpty = () => finish(true);
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.#whenEmpty.push(onEmpty);
    });
  }

  /** Stops retrying. Returns the number of entries that never reached the log, as far as is known. May be called twice. */
  close(): number {
    this.#isClosed = true;
    this.#endPause?.();
    return this.#queue.entries;
  }

  /** 0 for empty, 1 for full, by entries or bytes, whichever is fuller. */
  get #fill(): number {
    const { maxQueuedEntries, maxQueuedBytes } = this.#options;
    return Math.max(this.#queue.entries / maxQueuedEntries, this.#queue.bytes / maxQueuedBytes);
  }

  #number(entry: LogEntry): SequencedEntry {
    this.#sequence += 1;
    return { entry, producer: this.#producer, sequence: this.#sequence };
  }

  #enqueue(entries: readonly LogEntry[], bytes: number): Promise<PublishResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#isLogAway = true;
        this.#counts.deferred += entries.length;
        resolve('deferred');
      }, this.#options.ackTimeoutMs).unref();
      const onAppended = () => {
        clearTimeout(timer);
        resolve('appended');
      };
      this.#push(entries, bytes, onAppended);
    });
  }

  /** Nobody waits for the log: a client must not pay the time-out with each mutation of an outage. */
  #defer(entries: readonly LogEntry[], bytes: number): PublishResult {
    this.#counts.deferred += entries.length;
    this.#push(entries, bytes, () => undefined);
    return 'deferred';
  }

  #push(entries: readonly LogEntry[], bytes: number, onAppended: () => void): void {
    this.#queue.push({ entries: entries.map((entry) => this.#number(entry)), bytes, onAppended });
    this.#schedule();
  }

  /** At the end of this turn of the event loop, so that mutations which end in the same turn share one append. */
  #schedule(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => void this.#pump());
  }

  async #pump(): Promise<void> {
    let failures = 0;
    while (this.#queue.entries > 0 && !this.#isClosed) {
      const groups = this.#queue.head(this.#options.maxBatchEntries, this.#options.maxBatchBytes);
      try {
        await this.#log.append(groups.flatMap((group) => group.entries));
        failures = 0;
        this.#isLogAway = false;
      } catch (error) {
        failures += 1;
        this.#isLogAway = true;
        this.#counts.retried += 1;
        this.#report(error);
        await this.#pause(failures);
        continue;
      }
      this.#queue.remove(groups);
      for (const group of groups) {
        this.#counts.appended += group.entries.length;
        group.onAppended();
      }
    }
    this.#isPumping = false;
    if (this.#queue.entries === 0) for (const onEmpty of this.#whenEmpty) onEmpty();
  }

  #pause(failures: number): Promise<void> {
    const { firstRetryMs, longestRetryMs } = this.#options;
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 16), longestRetryMs);
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#endPause = undefined;
        resolve();
      };
      // A quarter of chance: pods that lost the log together must not come back to it together.
      const timer = setTimeout(end, pauseMs * (0.75 + Math.random() / 4));
      this.#endPause = end;
    });
  }

  #report(error: unknown): void {
    try {
      this.#options.onError(error);
    } catch {
      // A reporter that fails has nobody left to report to, and must not stop the queue.
    }
  }
}

function tooLarge(entry: LogEntry, bytes: number, limit: number): FieldError {
  const name = entry.kind === 'event' ? `event of ${entry.mutation}` : `invalidation of ${entry.subscriptionField}`;
  return new FieldError(`The ${name} has ${bytes} bytes; at most ${limit} can be published.`, 'EventTooLarge');
}
