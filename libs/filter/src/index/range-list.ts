import type { OrderedValue } from '../operator.js';
import type { Range } from './range.js';
import { compareBounds } from './range.js';

/**
 * Ranges in a chunk before it is split. A chunk that is read gives at least one range, so this many comparisons are what an
 * answer can cost beside what it gives; shorter chunks make the list of chunks longer, which is read too.
 */
const maxChunk = 256;

/** Ranges with an item each, by lower bound, then end, then item. Three arrays, so that bounds stand side by side in memory. */
interface Chunk {
  readonly lowers: OrderedValue[];
  readonly ends: (OrderedValue | null)[];
  readonly items: number[];
}

/**
 * Ranges of one type, in order, to be asked which of them a value is in: the chunks whose least lower bound is not past the
 * value and whose greatest end is. What is asked costs what is given and a look at each chunk, adding and removing a chunk.
 */
export class RangeList {
  private readonly chunks: Chunk[] = [];
  private readonly leastLowers: OrderedValue[] = [];
  private readonly leastEnds: (OrderedValue | null)[] = [];
  private readonly greatestEnds: (OrderedValue | null)[] = [];

  get isEmpty(): boolean {
    return this.chunks.length === 0;
  }

  add(range: Range, item: number): void {
    const at = Math.max(0, this.findChunk(range, item));
    const chunk = (this.chunks[at] ??= { lowers: [], ends: [], items: [] });
    const index = findIndex(chunk, range, item);
    chunk.lowers.splice(index, 0, range.lower);
    chunk.ends.splice(index, 0, range.end);
    chunk.items.splice(index, 0, item);
    if (chunk.items.length > maxChunk) this.split(at);
    else if (chunk.items.length === 1) this.summarise(at);
    else this.include(at, range);
  }

  /** Takes out what was added with the same range and item. */
  delete(range: Range, item: number): void {
    const at = this.findChunk(range, item);
    const chunk = this.chunks[at];
    if (!chunk) return;
    const index = findIndex(chunk, range, item);
    if (chunk.items[index] !== item) return;
    chunk.lowers.splice(index, 1);
    chunk.ends.splice(index, 1);
    chunk.items.splice(index, 1);
    if (chunk.items.length > 0) this.exclude(at, range);
    else for (const list of [this.chunks, this.leastLowers, this.leastEnds, this.greatestEnds]) list.splice(at, 1);
  }

  /** Writes the items of the ranges that the value is in to `items`, from `count` on, and returns the count then. */
  find(value: OrderedValue, items: number[], count: number): number {
    // Most lists are short, and then their summary says nothing that is worth reading.
    if (this.chunks.length === 1) return findAmong(this.chunks[0]!, value, items, count);
    let total = count;
    for (let at = 0; at < this.chunks.length; at += 1) {
      if (compareBounds(this.leastLowers[at]!, value) > 0) break;
      if (compareBounds(this.greatestEnds[at]!, value) > 0) total = this.findIn(at, value, items, total);
    }
    return total;
  }

  private findIn(at: number, value: OrderedValue, items: number[], count: number): number {
    const chunk = this.chunks[at]!;
    const isWithin = at + 1 < this.chunks.length && compareBounds(this.leastLowers[at + 1]!, value) <= 0;
    // Only the last chunk that is read can have lower bounds past the value.
    if (!isWithin || compareBounds(this.leastEnds[at]!, value) <= 0) return findAmong(chunk, value, items, count);
    let total = count;
    for (const item of chunk.items) items[total++] = item;
    return total;
  }

  /** The last chunk that begins at or before the range and item; -1 where all begin after. */
  private findChunk(range: Range, item: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareBounds(this.leastLowers[middle]!, range.lower);
      if (order < 0 || (order === 0 && compareAt(this.chunks[middle]!, 0, range, item) <= 0)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private split(at: number): void {
    const chunk = this.chunks[at]!;
    const half = maxChunk / 2;
    const [lowers, ends, items] = [chunk.lowers.splice(half), chunk.ends.splice(half), chunk.items.splice(half)];
    this.chunks.splice(at + 1, 0, { lowers, ends, items });
    // Placeholders: both chunks are summarised next.
    this.leastLowers.splice(at + 1, 0, lowers[0]!);
    for (const list of [this.leastEnds, this.greatestEnds]) list.splice(at + 1, 0, null);
    this.summarise(at);
    this.summarise(at + 1);
  }

  /** Widens the summary of a chunk by a range that came into it. */
  private include(at: number, { lower, end }: Range): void {
    if (compareBounds(lower, this.leastLowers[at]!) < 0) this.leastLowers[at] = lower;
    if (compareBounds(end, this.leastEnds[at]!) < 0) this.leastEnds[at] = end;
    if (compareBounds(end, this.greatestEnds[at]!) > 0) this.greatestEnds[at] = end;
  }

  /** A range went: the summary changes only where it was at an edge. */
  private exclude(at: number, { end }: Range): void {
    const [least, greatest] = [this.leastEnds[at], this.greatestEnds[at]];
    // Where all ends are the same, as of rules that have a lower bound only, they still are.
    if (least !== greatest && (end === least || end === greatest)) this.summarise(at);
    else this.leastLowers[at] = this.chunks[at]!.lowers[0]!;
  }

  private summarise(at: number): void {
    const { lowers, ends } = this.chunks[at]!;
    let least: OrderedValue | null = null;
    let greatest = ends[0] ?? null;
    for (const end of ends) {
      if (compareBounds(end, least) < 0) least = end;
      if (compareBounds(end, greatest) > 0) greatest = end;
    }
    this.leastLowers[at] = lowers[0]!;
    this.leastEnds[at] = least;
    this.greatestEnds[at] = greatest;
  }
}

function findAmong({ lowers, ends, items: all }: Chunk, value: OrderedValue, items: number[], count: number): number {
  const length = countUpTo(lowers, value);
  let total = count;
  for (let index = 0; index < length; index += 1) {
    if (compareBounds(ends[index]!, value) > 0) items[total++] = all[index]!;
  }
  return total;
}

/** Where the range and item stand in the chunk, or would. */
function findIndex(chunk: Chunk, range: Range, item: number): number {
  let low = 0;
  let high = chunk.items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(chunk, middle, range, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareAt(chunk: Chunk, index: number, range: Range, item: number): number {
  return (
    compareBounds(chunk.lowers[index]!, range.lower) ||
    compareBounds(chunk.ends[index]!, range.end) ||
    chunk.items[index]! - item
  );
}

/** How many of the ascending bounds are at most the value. */
function countUpTo(lowers: readonly OrderedValue[], value: OrderedValue): number {
  let low = 0;
  let high = lowers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBounds(lowers[middle]!, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
