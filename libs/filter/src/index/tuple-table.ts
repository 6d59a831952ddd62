import { BlockPool } from './block-pool.js';
import { Column, grow, IdPool } from './column.js';

/** What a block has in front of the tuple: its id, the block of the next one in the chain, its length. */
const header = 3;

/**
 * Gives equal tuples of 32-bit words one id, and finds it again: a chained hash table in typed arrays. Some 35 bytes a tuple of
 * three, where a Map would need a text for each. All of a tuple stands together, so that one found at once is two reads.
 */
export class TupleTable {
  private readonly blocks = new BlockPool();
  /** Where a tuple's block begins, by id. */
  private readonly starts = new Column();
  /** The first block of each chain, by hash. */
  private heads = new Uint32Array(16);
  private chains = 16;
  /** The bits of a hash that number a chain: a power of two, less 1, and at least `chains`. */
  private mask = 15;
  private count = 0;

  /** @param ids where it takes the ids of its tuples. Default: a pool of its own. */
  constructor(private readonly ids = new IdPool()) {}

  /** Different tuples in the table. */
  get size(): number {
    return this.count;
  }

  /** The id of the tuple; 0 where it is not in the table. */
  find(tuple: Uint32Array, length: number): number {
    const { words } = this.blocks;
    let block = this.heads[this.chainOf(hash(tuple, 0, length))]!;
    while (block !== 0) {
      if (isTuple(words, block, tuple, length)) return words[block]!;
      block = words[block + 1]!;
    }
    return 0;
  }

  /** Puts in a tuple that is not in the table. */
  insert(tuple: Uint32Array, length: number): number {
    if (this.count >= this.chains) this.splitChain();
    this.count += 1;
    const id = this.ids.take();
    const block = this.blocks.allocate(length + header);
    const { words } = this.blocks;
    words[block] = id;
    words[block + 2] = length;
    for (let index = 0; index < length; index += 1) words[block + header + index] = tuple[index]!;
    this.starts.reserve(id);
    this.starts.values[id] = block;
    this.link(block);
    return id;
  }

  /** Takes out a tuple. Its id is given to another one later. */
  delete(id: number): void {
    const block = this.starts.values[id]!;
    const { words } = this.blocks;
    const head = this.chainOf(this.hashOf(block));
    const next = words[block + 1]!;
    if (this.heads[head] === block) {
      this.heads[head] = next;
    } else {
      let before = this.heads[head]!;
      while (words[before + 1] !== block) before = words[before + 1]!;
      words[before + 1] = next;
    }
    this.blocks.release(block, words[block + 2]! + header);
    this.count -= 1;
    this.ids.giveBack(id);
  }

  lengthOf(id: number): number {
    return this.blocks.words[this.starts.values[id]! + 2]!;
  }

  /** One word of the tuple. */
  at(id: number, index: number): number {
    return this.blocks.words[this.starts.values[id]! + header + index]!;
  }

  private hashOf(block: number): number {
    const { words } = this.blocks;
    return hash(words, block + header, words[block + 2]!);
  }

  private chainOf(hashed: number): number {
    const chain = hashed & this.mask;
    return chain < this.chains ? chain : chain & (this.mask >>> 1);
  }

  private link(block: number): void {
    const chain = this.chainOf(this.hashOf(block));
    this.blocks.words[block + 1] = this.heads[chain]!;
    this.heads[chain] = block;
  }

  /**
   * Makes one chain more, of those of another that belong there (linear hashing). Doubling all at once would hold the event loop
   * up for a tenth of a second where there are a million tuples.
   */
  private splitChain(): void {
    if (this.chains > this.mask) this.mask = this.mask * 2 + 1;
    const split = this.chains & (this.mask >>> 1);
    if (this.chains >= this.heads.length) this.heads = grow(this.heads, this.chains + 1);
    this.chains += 1;
    let block = this.heads[split]!;
    this.heads[split] = 0;
    while (block !== 0) {
      const next = this.blocks.words[block + 1]!;
      this.link(block);
      block = next;
    }
  }
}

function isTuple(words: Uint32Array, block: number, tuple: Uint32Array, length: number): boolean {
  if (words[block + 2] !== length) return false;
  for (let index = 0; index < length; index += 1) if (words[block + header + index] !== tuple[index]) return false;
  return true;
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
