import type { Buckets } from './buckets.js';
import type { Checks } from './checks.js';
import { Column } from './column.js';
import type { KeyRule } from './filing-plan.js';
import { findKeyRules, findRangeRule, firstOfParts, rarest } from './filing-plan.js';
import { alternativesOf, countAlternatives, releaseAlternatives, takeAlternatives } from './alternatives.js';
import type { RuleTable } from './rule-table.js';
import { neverRule, notListRule } from './rule-table.js';
import type { Signature, Signatures } from './signatures.js';

/**
 * Puts conjunctions where events look for them, and takes them out again. Where that is depends on what else was in the index at
 * the time, so it is kept: the signature here, the range in the checks.
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
    const signature = this.signatures.take(
      candidates.map(({ part }) => part),
      rarest(this.rules, candidates),
    );
    this.signatureIds.values[conjunction] = signature.id;
    const keys = candidates.filter(({ part }) => signature.parts.includes(part));
    const others = rules.filter((rule) => !keys.some((key) => key.rule === rule));
    const rangeRule = findRangeRule(this.rules, others);
    const lastRule = keys.find(({ part }) => !part.isSingle)?.rule;
    this.checks.set(conjunction, {
      rules: others.filter((rule) => rule !== rangeRule),
      rangeRule,
      canRepeat: lastRule !== undefined && countAlternatives(this.rules, lastRule) > 1,
    });
    this.scanListLength += this.isScanned(conjunction, signature, rules) ? 1 : 0;
    for (const { rule } of keys) takeAlternatives(this.rules, rule);
    this.visitPlaces(this.choices(signature, keys), 0, (length) => this.buckets.add(this.key, length, conjunction));
  }

  unfile(conjunction: number, rules: readonly number[]): void {
    if (rules[0] === neverRule) return;
    const signature = this.signatures.get(this.signatureIds.values[conjunction]!);
    const keys = firstOfParts(this.rules, rules).filter(({ part }) => signature.parts.includes(part));
    this.visitPlaces(this.choices(signature, keys), 0, (length) => this.buckets.delete(this.key, length, conjunction));
    for (const { rule } of keys) releaseAlternatives(this.rules, rule);
    this.scanListLength -= this.isScanned(conjunction, signature, rules) ? 1 : 0;
    this.checks.delete(conjunction);
    this.signatures.release(signature);
  }

  private isScanned(conjunction: number, signature: Signature, rules: readonly number[]): boolean {
    return (
      signature === this.signatures.none &&
      this.checks.rangeRuleOf(conjunction) === 0 &&
      rules.some((rule) => rule > notListRule)
    );
  }

  /** The rules of each part of the signature that the conjunction is filed under, one or several. */
  private choices(signature: Signature, keys: readonly KeyRule[]): readonly (readonly number[])[] {
    if (signature.parts.length >= this.key.length) this.key = new Uint32Array(signature.parts.length * 2);
    this.key[0] = signature.id;
    return signature.parts.map((part) => {
      const { rule } = keys.find((key) => key.part === part)!;
      return alternativesOf(this.rules, rule) ?? [rule];
    });
  }

  private visitPlaces(
    choices: readonly (readonly number[])[],
    level: number,
    visit: (keyLength: number) => void,
  ): void {
    const rules = choices[level];
    if (!rules) {
      visit(level + 1);
      return;
    }
    for (const rule of rules) {
      this.key[level + 1] = rule;
      this.visitPlaces(choices, level + 1, visit);
    }
  }
}
