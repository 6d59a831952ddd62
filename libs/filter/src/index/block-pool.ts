import { grow } from './column.js';

/**
 * Blocks of a few 32-bit words in one typed array. A million small arrays would cost a hundred bytes each before their first
 * element, and the garbage collector would walk them.
 */
export class BlockPool {
  /** The words of all blocks. Replaced when the pool grows, so it is not to be kept. */
  words = new Uint32Array(64);
  private end = 1;
  /** The first free block by length; a free block's first word is the next one. */
  private readonly free: number[] = [];

  /** Where a block of that many words, at least one, begins; never 0. What it holds is left over from others. */
  allocate(length: number): number {
    const reused = this.free[length] ?? 0;
    if (reused !== 0) {
      this.free[length] = this.words[reused]!;
      return reused;
    }
    const start = this.end;
    this.end += length;
    if (this.end > this.words.length) this.words = grow(this.words, this.end);
    return start;
  }

  /** Gives a block back, with the length that it was allocated with. */
  release(start: number, length: number): void {
    while (this.free.length <= length) this.free.push(0);
    this.words[start] = this.free[length]!;
    this.free[length] = start;
  }
}
