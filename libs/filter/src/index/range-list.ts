import { compareCodePoints } from '../compare-values.js';
import type { OrderedValue } from '../operator.js';
import type { Range } from './range.js';

/**
 * Ranges in a chunk before it is split. A chunk that is read gives at least one range, so this many comparisons are what an
 * answer can cost beside what it gives; shorter chunks make the list of chunks longer, which is read too.
 */
const maxChunk = 256;

/** What a chunk has of each range: lower bound, end, item. */
const width = 3;

/**
 * Lower bound, end and item of ranges, one after the other, by lower bound, then end, then item. One array, because what a list
 * of a few ranges costs is going to it. An end that is none is NaN among numbers, so that the array stays one of doubles, and
 * null among texts.
 */
type Chunk = (OrderedValue | null)[];

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
    const { lower } = range;
    const end = endOf(range);
    const at = Math.max(0, this.findChunk(lower, end, item));
    const chunk = this.chunks[at];
    if (!chunk) {
      this.chunks.push([lower, end, item]);
      this.summarise(0);
      return;
    }
    chunk.splice(findIndex(chunk, lower, end, item), 0, lower, end, item);
    if (chunk.length > maxChunk * width) this.split(at);
    else this.include(at, lower, end);
  }

  /** Takes out what was added with the same range and item. */
  delete(range: Range, item: number): void {
    const end = endOf(range);
    const at = this.findChunk(range.lower, end, item);
    const chunk = this.chunks[at];
    if (!chunk) return;
    const index = findIndex(chunk, range.lower, end, item);
    if (chunk[index + 2] !== item) return;
    chunk.splice(index, width);
    if (chunk.length > 0) this.exclude(at, end);
    else for (const list of [this.chunks, this.leastLowers, this.leastEnds, this.greatestEnds]) list.splice(at, 1);
  }

  /** Writes the items of the ranges that the value is in to `items`, from `count` on, and returns the count then. */
  find(value: OrderedValue, items: number[], count: number): number {
    // Most lists are short, and then their summary says nothing that is worth reading.
    if (this.chunks.length === 1) return findAmong(this.chunks[0]!, value, items, count);
    let total = count;
    for (let at = 0; at < this.chunks.length; at += 1) {
      if (compareLowers(this.leastLowers[at]!, value) > 0) break;
      if (isPast(this.greatestEnds[at]!, value)) total = this.findIn(at, value, items, total);
    }
    return total;
  }

  private findIn(at: number, value: OrderedValue, items: number[], count: number): number {
    const chunk = this.chunks[at]!;
    // Only the last chunk that is read can have lower bounds past the value.
    const isLast = at + 1 === this.chunks.length || compareLowers(this.leastLowers[at + 1]!, value) > 0;
    if (isLast || !isPast(this.leastEnds[at]!, value)) return findAmong(chunk, value, items, count);
    let total = count;
    for (let index = 2; index < chunk.length; index += width) items[total++] = chunk[index] as number;
    return total;
  }

  /** The last chunk that begins at or before the range and item; -1 where all begin after. */
  private findChunk(lower: OrderedValue, end: OrderedValue | null, item: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareLowers(this.leastLowers[middle]!, lower);
      if (order < 0 || (order === 0 && compareAt(this.chunks[middle]!, 0, lower, end, item) <= 0)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private split(at: number): void {
    const chunk = this.chunks[at]!;
    const half = (maxChunk / 2) * width;
    const rest = chunk.slice(half);
    // Copies of both: the chunk would keep the room that it had.
    this.chunks.splice(at, 1, chunk.slice(0, half), rest);
    // Room for the summary, which is made next.
    this.leastLowers.splice(at + 1, 0, rest[0]!);
    this.leastEnds.splice(at + 1, 0, rest[1]!);
    this.greatestEnds.splice(at + 1, 0, rest[1]!);
    this.summarise(at);
    this.summarise(at + 1);
  }

  /** Widens the summary of a chunk by a range that came into it. */
  private include(at: number, lower: OrderedValue, end: OrderedValue | null): void {
    if (compareLowers(lower, this.leastLowers[at]!) < 0) this.leastLowers[at] = lower;
    if (compareEnds(end, this.leastEnds[at]!) < 0) this.leastEnds[at] = end;
    if (compareEnds(end, this.greatestEnds[at]!) > 0) this.greatestEnds[at] = end;
  }

  /** A range went: the summary of ends changes only where it was at an edge of them. */
  private exclude(at: number, end: OrderedValue | null): void {
    const least = this.leastEnds[at]!;
    const greatest = this.greatestEnds[at]!;
    // Where all ends are the same, as of rules that have a lower bound only, they still are.
    const isSame = compareEnds(least, greatest) === 0;
    if (!isSame && (compareEnds(end, least) === 0 || compareEnds(end, greatest) === 0)) this.summarise(at);
    else this.leastLowers[at] = this.chunks[at]![0]!;
  }

  private summarise(at: number): void {
    const chunk = this.chunks[at]!;
    let least = chunk[1]!;
    let greatest = least;
    for (let index = 1; index < chunk.length; index += width) {
      const end = chunk[index]!;
      if (compareEnds(end, least) < 0) least = end;
      if (compareEnds(end, greatest) > 0) greatest = end;
    }
    this.leastLowers[at] = chunk[0]!;
    this.leastEnds[at] = least;
    this.greatestEnds[at] = greatest;
  }
}

function findAmong(chunk: Chunk, value: OrderedValue, items: number[], count: number): number {
  let total = count;
  for (let index = 0; index < chunk.length; index += width) {
    if (compareLowers(chunk[index]!, value) > 0) break;
    if (isPast(chunk[index + 1]!, value)) items[total++] = chunk[index + 2] as number;
  }
  return total;
}

/** Where the range and item stand in the chunk, or would. */
function findIndex(chunk: Chunk, lower: OrderedValue, end: OrderedValue | null, item: number): number {
  let low = 0;
  let high = chunk.length / width;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(chunk, middle * width, lower, end, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low * width;
}

function compareAt(chunk: Chunk, index: number, lower: OrderedValue, end: OrderedValue | null, item: number): number {
  return (
    compareLowers(chunk[index]!, lower) || compareEnds(chunk[index + 1]!, end) || (chunk[index + 2] as number) - item
  );
}

function endOf({ lower, end }: Range): OrderedValue | null {
  return end === null && typeof lower === 'number' ? NaN : end;
}

/** True for an end after the value, and for none. */
function isPast(end: OrderedValue | null, value: OrderedValue): boolean {
  if (typeof end === 'number' && typeof value === 'number') return !(end <= value);
  return end === null || compareCodePoints(end as string, value as string) > 0;
}

function compareLowers(left: OrderedValue, right: OrderedValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  return compareCodePoints(left as string, right as string);
}

/** An end that is none comes last. */
function compareEnds(left: OrderedValue | null, right: OrderedValue | null): number {
  if (typeof left === 'number' && typeof right === 'number') {
    return left < right ? -1 : left > right ? 1 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  }
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareCodePoints(left as string, right as string);
}
