import type { Checks } from './checks.js';
import { Column, IdPool } from './column.js';
import { LargeBucket } from './large-bucket.js';
import type { RuleTable } from './rule-table.js';
import { TupleTable } from './tuple-table.js';

/**
 * Conjunctions that a bucket holds in a list, each checked for every event that gets there. A bucket of one, which may be one of
 * a million, has to cost next to nothing, and checking this many costs about what looking up in order does.
 */
const maxListed = 16;

/** In place of the first placement of a list: this plus the number of a large bucket. */
const large = 0x80000000;

/** Where conjunctions are filed: under a signature and one rule for each of its parts. A conjunction may be in several buckets. */
export class Buckets {
  private readonly keys = new TupleTable();
  /** The first placement of a bucket's list, by bucket. */
  private readonly heads = new Column();
  private readonly largeBuckets: (LargeBucket | undefined)[] = [];
  private readonly largeIds = new IdPool();
  private readonly placements = new IdPool();
  /** The conjunction and the next one of the list, by placement. */
  private readonly conjunctions = new Column();
  private readonly next = new Column();

  constructor(
    private readonly rules: RuleTable,
    private readonly checks: Checks,
  ) {}

  add(key: Uint32Array, keyLength: number, conjunction: number): void {
    let bucket = this.keys.find(key, keyLength);
    if (bucket === 0) {
      bucket = this.keys.insert(key, keyLength);
      this.heads.reserve(bucket);
      this.heads.values[bucket] = 0;
    }
    const head = this.heads.values[bucket]!;
    if (head >= large) this.largeBuckets[head - large]!.add(conjunction);
    else if (this.countListed(bucket) < maxListed) this.push(bucket, conjunction);
    else this.enlarge(bucket).add(conjunction);
  }

  /** Takes out a conjunction that was added under the key. */
  delete(key: Uint32Array, keyLength: number, conjunction: number): void {
    const bucket = this.keys.find(key, keyLength);
    const head = this.heads.values[bucket]!;
    if (head < large) {
      this.unlink(bucket, conjunction);
      if (this.heads.values[bucket] === 0) this.keys.delete(bucket);
      return;
    }
    const id = head - large;
    const largeBucket = this.largeBuckets[id]!;
    largeBucket.delete(conjunction);
    if (!largeBucket.isEmpty) return;
    this.largeBuckets[id] = undefined;
    this.largeIds.giveBack(id);
    this.keys.delete(bucket);
  }

  /** Writes the conjunctions of a bucket that hold for the event to `matched`, from `count` on, and returns the count then. */
  find(key: Uint32Array, keyLength: number, matched: number[], count: number): number {
    const bucket = this.keys.find(key, keyLength);
    if (bucket === 0) return count;
    let placement = this.heads.values[bucket]!;
    if (placement >= large) return this.largeBuckets[placement - large]!.find(matched, count);
    let total = count;
    for (; placement !== 0; placement = this.next.values[placement]!) {
      const conjunction = this.conjunctions.values[placement]!;
      if (this.checks.pass(conjunction)) matched[total++] = conjunction;
    }
    return total;
  }

  private countListed(bucket: number): number {
    let count = 0;
    for (let placement = this.heads.values[bucket]!; placement !== 0; placement = this.next.values[placement]!)
      count += 1;
    return count;
  }

  private push(bucket: number, conjunction: number): void {
    const placement = this.placements.take();
    this.conjunctions.reserve(placement);
    this.conjunctions.values[placement] = conjunction;
    this.next.reserve(placement);
    this.next.values[placement] = this.heads.values[bucket]!;
    this.heads.values[bucket] = placement;
  }

  private unlink(bucket: number, conjunction: number): void {
    const next = this.next.values;
    let before = 0;
    let placement = this.heads.values[bucket]!;
    while (placement !== 0 && this.conjunctions.values[placement] !== conjunction) {
      before = placement;
      placement = next[placement]!;
    }
    if (placement === 0) return;
    if (before === 0) this.heads.values[bucket] = next[placement]!;
    else next[before] = next[placement]!;
    this.placements.giveBack(placement);
  }

  /** Moves a list to a large bucket. It stays one until it is empty, so that one that comes and goes is not moved each time. */
  private enlarge(bucket: number): LargeBucket {
    const enlarged = new LargeBucket(this.rules, this.checks);
    for (let placement = this.heads.values[bucket]!; placement !== 0; placement = this.next.values[placement]!) {
      enlarged.add(this.conjunctions.values[placement]!);
      this.placements.giveBack(placement);
    }
    const id = this.largeIds.take();
    this.heads.values[bucket] = large + id;
    this.largeBuckets[id] = enlarged;
    return enlarged;
  }
}
