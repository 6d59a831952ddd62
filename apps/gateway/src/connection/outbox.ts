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

/**
 * Longest time that a flush waits beyond its own: for work that is busy making more to write, and for a turn that does not end, in
 * milliseconds.
 */
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
  /** When what waits must no longer wait for the end of the turn, or for more to come. */
  private lateAt = 0;

  constructor(private readonly options: OutboxOptions) {}

  /** The writer is flushed at the end of the turn, or of the interval. Adding it twice flushes it twice. */
  add(writer: Writer): void {
    this.writers.push(writer);
    if (this.isScheduled) return;
    this.isScheduled = true;
    const { flushIntervalMs } = this.options;
    this.lateAt = performance.now() + flushIntervalMs + maxGatherMs;
    if (flushIntervalMs === 0) setImmediate(this.run);
    else setTimeout(this.run, flushIntervalMs);
  }

  /**
   * Writes what is late; to be called before work for one of very many sockets. The event loop reads up to 50,000 of them before its turn
   * ends, which in a storm of clients that connect is seconds, and others' deliveries must not wait for that.
   */
  catchUp(): void {
    if (!this.isScheduled || performance.now() < this.lateAt) return;
    this.flush();
    this.lateAt = performance.now() + maxGatherMs;
  }

  private readonly run = (): void => {
    const isWorthWaiting = this.options.isBusy?.() && performance.now() < this.lateAt;
    if (isWorthWaiting || !this.flush()) return void setImmediate(this.run);
    this.isScheduled = false;
  };

  /** Writes for as long as one turn may. False when some are left; who came meanwhile is behind the others. */
  private flush(): boolean {
    const endsAt = performance.now() + maxWriteMs;
    do {
      const end = Math.min(this.writers.length, this.next + writesPerLook);
      for (; this.next < end; this.next += 1) this.writers[this.next]!.flush();
    } while (this.next < this.writers.length && performance.now() < endsAt);
    if (this.next < this.writers.length) return false;
    this.writers = [];
    this.next = 0;
    return true;
  }
}
