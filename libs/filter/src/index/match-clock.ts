/** Stamps are this many, 1 and up: they share a 32-bit word with one bit of answer. */
const stamps = 2 ** 31;

/** Counts the events that were matched, so that what is remembered about one need not be cleared for the next. */
export class MatchClock {
  /** The event being matched. Never repeats. */
  event = 0;
  /** The same in 31 bits, for columns. Repeats after two thousand million events, which is when columns are cleared. */
  stamp = 0;
  private readonly columns: { values: Uint32Array }[] = [];

  /** Has the column cleared before stamps repeat. */
  clears<Cleared extends { values: Uint32Array }>(column: Cleared): Cleared {
    this.columns.push(column);
    return column;
  }

  /** Begins the next event. */
  next(): void {
    this.event += 1;
    this.stamp = this.event % stamps;
    if (this.stamp !== 0) return;
    for (const column of this.columns) column.values.fill(0);
    this.event += 1;
    this.stamp = 1;
  }
}
