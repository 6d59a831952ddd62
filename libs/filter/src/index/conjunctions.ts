import type { JsonValue } from '#libs/protocol';
import type { Filter, FilterKind } from '../filter-group.js';
import { Buckets } from './buckets.js';
import { Checks } from './checks.js';
import { FieldTree } from './field-tree.js';
import { Filing } from './filing.js';
import type { KeyPart, Signature } from './key-part.js';
import { MatchClock } from './match-clock.js';
import { neverRule, notListRule, RuleTable } from './rule-table.js';
import { Signatures } from './signatures.js';
import { TupleTable } from './tuple-table.js';

/** Different conjunctions by id, and which of them hold for an event. Filters with the same rules, in any order, are one. */
export class Conjunctions {
  private readonly clock = new MatchClock();
  private readonly fields = new FieldTree();
  private readonly rules = new RuleTable(this.fields, this.clock);
  private readonly checks = new Checks(this.rules, this.clock);
  private readonly buckets = new Buckets(this.rules, this.checks);
  private readonly signatures = new Signatures();
  private readonly filing = new Filing(this.rules, this.checks, this.buckets, this.signatures);
  /** The rules of a conjunction, ascending by id. */
  private readonly tuples = new TupleTable();
  private key = new Uint32Array(8);

  get size(): number {
    return this.tuples.size;
  }

  get scanListLength(): number {
    return this.filing.scanListLength;
  }

  /** Different rules in the index, those for the single values of lists included. */
  get rulesSize(): number {
    return this.rules.size;
  }

  /** The id of the conjunction that the filter is. Filed if it is new. */
  intern(filter: Filter, kind: FilterKind): number {
    const rules = this.internRules(filter, kind);
    this.reserveKey(rules.length + 1);
    for (let index = 0; index < rules.length; index += 1) this.key[index] = rules[index]!;
    const existing = this.tuples.find(this.key, rules.length);
    if (existing !== 0) {
      for (const rule of rules) this.rules.release(rule);
      return existing;
    }
    const id = this.tuples.insert(this.key, rules.length);
    this.filing.file(id, rules);
    return id;
  }

  /** Forgets a conjunction that nobody has any more. */
  delete(id: number): void {
    const rules: number[] = [];
    for (let index = 0; index < this.tuples.lengthOf(id); index += 1) rules.push(this.tuples.at(id, index));
    this.filing.unfile(id, rules);
    this.tuples.delete(id);
    for (const rule of rules) this.rules.release(rule);
  }

  /** Writes the conjunctions that hold for the payload to `matched`, each once, and returns how many they are. */
  match(payload: JsonValue, matched: number[]): number {
    this.clock.next();
    this.rules.isList = Array.isArray(payload);
    this.fields.read(payload);
    this.key[0] = this.signatures.none.id;
    let count = this.buckets.find(this.key, 1, matched, 0);
    for (let index = 0; index < this.fields.presentCount; index += 1) {
      for (const part of this.fields.present[index]!.parts) count = this.findByPart(part, matched, count);
    }
    for (const field of this.fields.nullable) {
      if (field.value === null) count = this.findByPart(field.part('eq'), matched, count);
    }
    this.fields.clear();
    return count;
  }

  private findByPart(part: KeyPart, matched: number[], count: number): number {
    if (part.anchored.length === 0 || part.activate(this.clock.event) === 0) return count;
    let total = count;
    for (const signature of part.anchored) total = this.findBySignature(signature, matched, total);
    return total;
  }

  private findBySignature({ id, parts }: Signature, matched: number[], count: number): number {
    const { length } = parts;
    this.key[0] = id;
    for (let index = 0; index < length; index += 1) {
      const part = parts[index]!;
      if (part.activate(this.clock.event) === 0) return count;
      this.key[index + 1] = part.active[0]!;
    }
    // Only of the last part more than one rule can hold.
    const last = parts[length - 1]!;
    let total = count;
    for (let index = 0; index < last.activeCount; index += 1) {
      this.key[length] = last.active[index]!;
      total = this.buckets.find(this.key, length + 1, matched, total);
    }
    return total;
  }

  private internRules(filter: Filter, kind: FilterKind): readonly number[] {
    const rules: number[] = [];
    let wantsValue = false;
    for (const rule of filter.filters) {
      if (rule.value !== null) wantsValue = true;
      const id = this.rules.intern(rule);
      if (id !== neverRule) {
        this.insertOnce(rules, id);
        continue;
      }
      for (const other of rules) this.rules.release(other);
      return [neverRule];
    }
    // A rule that wants a value finds none in a list. Without one, only its kind keeps an enhanced filter from a list.
    if (kind === 'enhanced' && !wantsValue) this.insertOnce(rules, notListRule);
    return rules;
  }

  /** Keeps rules ascending. One that is there already has a user too many. */
  private insertOnce(rules: number[], rule: number): void {
    let index = rules.length;
    while (index > 0 && rules[index - 1]! > rule) index -= 1;
    if (rules[index - 1] === rule) return this.rules.release(rule);
    for (let moved = rules.length; moved > index; moved -= 1) rules[moved] = rules[moved - 1]!;
    rules[index] = rule;
  }

  private reserveKey(length: number): void {
    if (length > this.key.length) this.key = new Uint32Array(length * 2);
  }
}
