/** Random numbers that are the same in every run: what is compared is the structure, not the luck. */
export class Random {
  constructor(private state: number) {}

  /** From 0, included, to 1, not included. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to the bound, which is not included. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}
