/** A connection that has something to write. */
export interface Writer {
  /** Writes what waits. May not throw. */
  flush(): void;
}

export interface OutboxOptions {
  /** Time that messages wait for others to be written with, in milliseconds. 0: the turn of the event loop. */
  readonly flushIntervalMs: number;
  /** True while more is about to come for the same sockets; then a flush may wait a little for it. Default: never. */
  readonly isBusy?: () => boolean;
}

/**
 * Longest time that one turn of the event loop writes, in milliseconds: 1,500 sockets or so. Pings and health checks are looked at
 * between two turns.
 */
export const maxWriteMs = 10;

/** Longest time that a flush waits for work that is busy making more to write, in milliseconds. */
export const maxGatherMs = 20;

/** Writes between two looks at the clock, which costs little beside them. */
const writesPerLook = 32;

/**
 * Which connections have something to write. Each is written once per turn of the event loop, with everything that came for it:
 * the kernel's part of a write costs ten times more than ours, whatever its length, so a loaded gateway gets cheaper per
 * delivery, and one that is not loaded no slower (docs/adr/0013-write-path.md).
 */
export class Outbox {
  private writers: Writer[] = [];
  private next = 0;
  private isScheduled = false;
  private waitsUntil = 0;

  constructor(private readonly options: OutboxOptions) {}

  /** The writer is flushed at the end of the turn, or of the interval. Adding it twice flushes it twice. */
  add(writer: Writer): void {
    this.writers.push(writer);
    if (this.isScheduled) return;
    this.isScheduled = true;
    const { flushIntervalMs } = this.options;
    this.waitsUntil = performance.now() + flushIntervalMs + maxGatherMs;
    if (flushIntervalMs === 0) setImmediate(this.run);
    else setTimeout(this.run, flushIntervalMs);
  }

  private readonly run = (): void => {
    if (this.options.isBusy?.() && performance.now() < this.waitsUntil) return void setImmediate(this.run);
    const endsAt = performance.now() + maxWriteMs;
    do {
      const end = Math.min(this.writers.length, this.next + writesPerLook);
      for (; this.next < end; this.next += 1) this.writers[this.next]!.flush();
    } while (this.next < this.writers.length && performance.now() < endsAt);
    // What came during the writes is behind the others and has its turn after them: nobody waits for ever.
    if (this.next < this.writers.length) return void setImmediate(this.run);
    this.writers = [];
    this.next = 0;
    this.isScheduled = false;
  };
}
