/** How much longer an array gets that is full: half again, so that on average a fifth of it is unused, where doubling leaves a third. */
const growth = 1.5;

/** A longer copy of an array of words that is full, for at least that many. */
export function grow(words: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(Math.max(length, Math.ceil(words.length * growth)));
  grown.set(words);
  return grown;
}

/** Unsigned 32-bit integers by id, four bytes each. What was never set is 0. */
export class Column {
  /** Read and written in place up to what was reserved. Replaced when the column grows, so it is not to be kept. */
  values = new Uint32Array(16);

  /** Makes room for the id. */
  reserve(id: number): void {
    if (id < this.values.length) return;
    this.values = grow(this.values, id + 1);
  }
}

/** Small integers that name things, from 1 (0 stands for none). An id given back is the next one taken: columns stay dense. */
export class IdPool {
  private readonly free: number[] = [];
  private last = 0;

  /** Ids taken and not given back. */
  get size(): number {
    return this.last - this.free.length;
  }

  take(): number {
    return this.free.pop() ?? (this.last += 1);
  }

  giveBack(id: number): void {
    this.free.push(id);
  }
}
