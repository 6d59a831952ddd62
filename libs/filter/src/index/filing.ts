import { alternativesOf, countAlternatives, releaseAlternatives, takeAlternatives } from './alternatives.js';
import type { Buckets } from './buckets.js';
import type { Checks } from './checks.js';
import { Column } from './column.js';
import type { KeyRule } from './filing-plan.js';
import { findKeyRules, findRangeRule, firstOfParts, rarest } from './filing-plan.js';
import type { Signature } from './key-part.js';
import type { RuleTable } from './rule-table.js';
import { neverRule, notListRule } from './rule-table.js';
import type { Signatures } from './signatures.js';

/**
 * Puts conjunctions where events look for them, and takes them out again. Where that is depends on what else was in the index at
 * the time, so it is kept: the signature here, the range in the checks.
 *
 * Plain loops, here and in what this calls: closures and short-lived lists were a third of what adding a filter cost.
 */
export class Filing {
  /** Conjunctions that are found by no part and no range: each is checked for every event. */
  scanListLength = 0;
  private readonly signatureIds = new Column();
  private key = new Uint32Array(8);

  constructor(
    private readonly rules: RuleTable,
    private readonly checks: Checks,
    private readonly buckets: Buckets,
    private readonly signatures: Signatures,
  ) {}

  file(conjunction: number, rules: readonly number[]): void {
    this.signatureIds.reserve(conjunction);
    // What never holds is in the index, to be counted and removed, but nothing leads there.
    if (rules[0] === neverRule) return;
    const candidates = findKeyRules(this.rules, rules);
    const signature = this.signatures.take(candidates, rarest(this.rules, candidates));
    this.signatureIds.values[conjunction] = signature.id;
    const keys = keysOf(signature, candidates);
    this.setChecks(conjunction, rules, keys);
    if (this.isScanned(conjunction, signature, rules)) this.scanListLength += 1;
    for (const { rule } of keys) takeAlternatives(this.rules, rule);
    this.forEachPlace(signature, keys, (length) => this.buckets.add(this.key, length, conjunction));
  }

  unfile(conjunction: number, rules: readonly number[]): void {
    if (rules[0] === neverRule) return;
    const signature = this.signatures.get(this.signatureIds.values[conjunction]!);
    const keys = keysOf(signature, firstOfParts(this.rules, rules));
    this.forEachPlace(signature, keys, (length) => this.buckets.delete(this.key, length, conjunction));
    for (const { rule } of keys) releaseAlternatives(this.rules, rule);
    if (this.isScanned(conjunction, signature, rules)) this.scanListLength -= 1;
    this.checks.delete(conjunction);
    this.signatures.release(signature);
  }

  private setChecks(conjunction: number, rules: readonly number[], keys: readonly KeyRule[]): void {
    const others: number[] = [];
    for (const rule of rules) if (!isKey(keys, rule)) others.push(rule);
    const rangeRule = findRangeRule(this.rules, others);
    if (rangeRule !== 0) others.splice(others.indexOf(rangeRule), 1);
    const last = keys.at(-1);
    const canRepeat = last !== undefined && !last.part.isSingle && countAlternatives(this.rules, last.rule) > 1;
    this.checks.set(conjunction, others, rangeRule, canRepeat);
  }

  private isScanned(conjunction: number, signature: Signature, rules: readonly number[]): boolean {
    return (
      signature === this.signatures.none &&
      this.checks.rangeRuleOf(conjunction) === 0 &&
      rules.some((rule) => rule > notListRule)
    );
  }

  /** Writes the key of each bucket that the conjunction is in, and visits it. */
  private forEachPlace(signature: Signature, keys: readonly KeyRule[], visit: (length: number) => void): void {
    if (keys.length >= this.key.length) this.key = new Uint32Array(keys.length * 2);
    this.key[0] = signature.id;
    this.visitPlaces(keys, 0, visit);
  }

  private visitPlaces(keys: readonly KeyRule[], level: number, visit: (length: number) => void): void {
    if (level === keys.length) return visit(level + 1);
    const { rule } = keys[level]!;
    const alternatives = alternativesOf(this.rules, rule);
    if (!alternatives) {
      this.key[level + 1] = rule;
      return this.visitPlaces(keys, level + 1, visit);
    }
    for (const alternative of alternatives) {
      this.key[level + 1] = alternative;
      this.visitPlaces(keys, level + 1, visit);
    }
  }
}

/** Those of the rules that the signature is of, in its order. */
function keysOf({ parts }: Signature, rules: readonly KeyRule[]): readonly KeyRule[] {
  const keys: KeyRule[] = [];
  for (const part of parts) for (const key of rules) if (key.part === part) keys.push(key);
  return keys;
}

function isKey(keys: readonly KeyRule[], rule: number): boolean {
  for (const key of keys) if (key.rule === rule) return true;
  return false;
}
