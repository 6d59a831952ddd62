import type { JsonValue } from '#libs/protocol';
import { KeyPart } from './key-part.js';

/**
 * `beginsWith`: one get for each length that a prefix in the index has, at most 256 with AppSync's limits and a handful in
 * practice. A trie would have a node for every character instead (decision record 0011).
 */
export class PrefixPart extends KeyPart {
  private readonly rules = new Map<string, number>();
  /** Prefixes by length. */
  private readonly counts = new Map<number, number>();
  /** The lengths, ascending. */
  private lengths: readonly number[] = [];

  constructor(id: number, field: { readonly value: JsonValue }) {
    super(id, false, field);
  }

  get(value: string): number | undefined {
    return this.rules.get(value);
  }

  set(value: string, rule: number): void {
    this.rules.set(value, rule);
    this.count(value.length, 1);
  }

  delete(value: string): void {
    this.rules.delete(value);
    this.count(value.length, -1);
  }

  protected find(value: JsonValue): void {
    if (typeof value !== 'string') return;
    for (const length of this.lengths) {
      if (length > value.length) return;
      const rule = this.rules.get(value.slice(0, length));
      if (rule !== undefined) this.found(rule);
    }
  }

  private count(length: number, change: 1 | -1): void {
    const count = (this.counts.get(length) ?? 0) + change;
    if (count === 0) this.counts.delete(length);
    else this.counts.set(length, count);
    if (count <= 1) this.lengths = [...this.counts.keys()].sort((left, right) => left - right);
  }
}
