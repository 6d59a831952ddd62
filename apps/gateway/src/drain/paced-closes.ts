/** What is sent away. */
export interface Closable {
  /** Closes in the way that makes clients come back. */
  goAway(): void;
}

export interface PacedClosesOptions {
  /** Time that the closes are spread over, in milliseconds. 0: all are due at once. */
  readonly overMs: number;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
  /** From 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Closes connections in random order, evenly over a time: clients of one moment, of one proxy or of one tenant stand side by side in the
 * order of their arrival, and shall not come back side by side. Those that leave by themselves, and those that come late, change the pace
 * and not the end.
 */
export class PacedCloses<Connection extends Closable = Closable> {
  private readonly waiting: Set<Connection>;
  /** One for all: each new one would pass over the places of all that are gone. */
  private readonly order: Iterator<Connection>;
  private readonly now: () => number;
  private readonly endsAt: number;
  private lookedAt: number;
  /** Closes that are due, the part of one counted. */
  private credit = 0;
  private closedCount = 0;

  constructor(
    connections: Iterable<Connection>,
    { overMs, now = () => performance.now(), random = Math.random }: PacedClosesOptions,
  ) {
    this.waiting = new Set(shuffle([...connections], random));
    this.order = this.waiting.values();
    this.now = now;
    this.lookedAt = now();
    this.endsAt = this.lookedAt + overMs;
  }

  /** Nobody waits for a turn. */
  get isDone(): boolean {
    return this.waiting.size === 0;
  }

  /** Connections that were sent away. */
  get closed(): number {
    return this.closedCount;
  }

  /** How long the end is past, in milliseconds; below 0 before. */
  get overdueMs(): number {
    return this.now() - this.endsAt;
  }

  /** It comes last. */
  add(connection: Connection): void {
    this.waiting.add(connection);
  }

  /** It has left. */
  remove(connection: Connection): void {
    this.waiting.delete(connection);
  }

  /** Closes those whose turn has come since the last call; gives their number. To be called often. */
  closeDue(): number {
    const now = this.now();
    const left = this.endsAt - this.lookedAt;
    const passed = now - this.lookedAt;
    this.credit = passed < left ? this.credit + (this.waiting.size * passed) / left : this.waiting.size;
    this.lookedAt = now;
    const before = this.closedCount;
    for (; this.credit >= 1 && this.waiting.size > 0; this.credit -= 1) this.closeNext();
    return this.closedCount - before;
  }

  private closeNext(): void {
    // There is one as long as somebody waits; asked beyond the last, an iterator is over for those who come later, too.
    const connection = this.order.next().value as Connection;
    this.waiting.delete(connection);
    this.closedCount += 1;
    connection.goAway();
  }
}

/** Fisher and Yates'. */
function shuffle<T>(items: T[], random: () => number): T[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}
