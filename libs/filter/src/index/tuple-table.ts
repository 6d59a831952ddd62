import { BlockPool } from './block-pool.js';
import { Column, IdPool } from './column.js';

/**
 * Gives equal tuples of 32-bit words one id, and finds it again: a chained hash table in typed arrays. Some 30 bytes a tuple of
 * three, where a Map would need a text for each.
 */
export class TupleTable {
  private readonly ids = new IdPool();
  private readonly blocks = new BlockPool();
  /** Where a tuple's block begins, by id. Its first word is the length. */
  private readonly starts = new Column();
  private readonly next = new Column();
  private heads = new Uint32Array(16);

  /** Different tuples in the table. */
  get size(): number {
    return this.ids.size;
  }

  /** The id of the tuple; 0 where it is not in the table. */
  find(tuple: Uint32Array, length: number): number {
    let id = this.heads[hash(tuple, 0, length) & (this.heads.length - 1)]!;
    while (id !== 0 && !this.isTuple(id, tuple, length)) id = this.next.values[id]!;
    return id;
  }

  /** Puts in a tuple that is not in the table. */
  insert(tuple: Uint32Array, length: number): number {
    if (this.size >= this.heads.length) this.grow();
    const id = this.ids.take();
    const start = this.blocks.allocate(length + 1);
    const { words } = this.blocks;
    words[start] = length;
    for (let index = 0; index < length; index += 1) words[start + 1 + index] = tuple[index]!;
    this.starts.reserve(id);
    this.starts.values[id] = start;
    this.next.reserve(id);
    this.link(id);
    return id;
  }

  /** Takes out a tuple. Its id is given to another one later. */
  delete(id: number): void {
    const head = this.headOf(id);
    const next = this.next.values;
    if (this.heads[head] === id) this.heads[head] = next[id]!;
    else {
      let before = this.heads[head]!;
      while (next[before] !== id) before = next[before]!;
      next[before] = next[id]!;
    }
    this.blocks.release(this.starts.values[id]!, this.lengthOf(id) + 1);
    this.starts.values[id] = 0;
    this.ids.giveBack(id);
  }

  lengthOf(id: number): number {
    return this.blocks.words[this.starts.values[id]!]!;
  }

  /** One word of the tuple. */
  at(id: number, index: number): number {
    return this.blocks.words[this.starts.values[id]! + 1 + index]!;
  }

  private isTuple(id: number, tuple: Uint32Array, length: number): boolean {
    const start = this.starts.values[id]!;
    const { words } = this.blocks;
    if (words[start] !== length) return false;
    for (let index = 0; index < length; index += 1) if (words[start + 1 + index] !== tuple[index]) return false;
    return true;
  }

  private headOf(id: number): number {
    const start = this.starts.values[id]!;
    return hash(this.blocks.words, start + 1, this.lengthOf(id)) & (this.heads.length - 1);
  }

  private link(id: number): void {
    const head = this.headOf(id);
    this.next.values[id] = this.heads[head]!;
    this.heads[head] = id;
  }

  private grow(): void {
    const { heads } = this;
    this.heads = new Uint32Array(heads.length * 2);
    const { values } = this.next;
    for (const head of heads) {
      let id = head;
      while (id !== 0) {
        const after = values[id]!;
        this.link(id);
        id = after;
      }
    }
  }
}

/** Multiplies and folds, so that ids that follow one another fall apart. */
function hash(words: Uint32Array, start: number, length: number): number {
  let result = length;
  for (let index = start; index < start + length; index += 1) {
    result = Math.imul(result ^ words[index]!, 0x9e3779b1);
    result ^= result >>> 15;
  }
  return result >>> 0;
}
