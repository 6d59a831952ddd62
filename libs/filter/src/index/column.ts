/** Unsigned 32-bit integers by id, four bytes each. Grows by doubling; what was never set is 0. */
export class Column {
  /** Read and written in place up to what was reserved. Replaced when the column grows, so it is not to be kept. */
  values = new Uint32Array(16);

  /** Makes room for the id. */
  reserve(id: number): void {
    if (id < this.values.length) return;
    const grown = new Uint32Array(Math.max(id + 1, this.values.length * 2));
    grown.set(this.values);
    this.values = grown;
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
