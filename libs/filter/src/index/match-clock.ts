import type { Column } from './column.js';

/** Stamps are this many, 1 and up: they share a 32-bit word with one bit of answer. */
const stamps = 2 ** 31;

/** Counts the events that were matched, so that what is remembered about one need not be cleared for the next. */
export class MatchClock {
  /** The event being matched. Never repeats. */
  event = 0;
  /** The same in 31 bits, for columns. Repeats after two thousand million events, which is when columns are cleared. */
  stamp = 0;
  private readonly columns: { column: Column; step: number; offset: number }[] = [];

  /** Has one word in every `step` of the column cleared before stamps repeat. Default: all of it. */
  clears(column: Column, step = 1, offset = 0): Column {
    this.columns.push({ column, step, offset });
    return column;
  }

  /** Begins the next event. */
  next(): void {
    this.event += 1;
    this.stamp = this.event % stamps;
    if (this.stamp !== 0) return;
    for (const { column, step, offset } of this.columns) {
      for (let index = offset; index < column.values.length; index += step) column.values[index] = 0;
    }
    this.event += 1;
    this.stamp = 1;
  }
}
