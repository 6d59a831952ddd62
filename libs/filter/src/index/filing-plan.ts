import { countAlternatives } from './alternatives.js';
import type { KeyPart } from './key-part.js';
import { isRangeOperator } from './range.js';
import type { RuleTable } from './rule-table.js';
import { notListRule } from './rule-table.js';

/** Buckets that a conjunction is in at most, for `in` and `containsAny` put it in one for each value. Two of 5 values are 25. */
const maxPlacements = 32;

/** A rule that a conjunction can be filed under, and the part that looks it up. */
export interface KeyRule {
  readonly part: KeyPart;
  readonly rule: number;
}

/** The rules that parts look up. Of several that one part does, which only a group made by hand has, the first. */
export function firstOfParts(rules: RuleTable, conjunction: readonly number[]): readonly KeyRule[] {
  const keys: KeyRule[] = [];
  for (const rule of conjunction) {
    const part = rules.partOf(rule);
    if (part && !hasPart(keys, part)) keys.push({ part, rule });
  }
  return keys;
}

function hasPart(keys: readonly KeyRule[], part: KeyPart): boolean {
  for (const key of keys) if (key.part === part) return true;
  return false;
}

/**
 * The rules of a conjunction that it could be filed under: all equalities, and the one rule among the others that fewest
 * conjunctions share. Two of the others would mean a lookup for each pair of rules that hold.
 */
export function findKeyRules(rules: RuleTable, conjunction: readonly number[]): readonly KeyRule[] {
  const keys: KeyRule[] = [];
  let other: KeyRule | undefined;
  let placements = 1;
  for (const key of firstOfParts(rules, conjunction)) {
    const alternatives = countAlternatives(rules, key.rule);
    if (placements * alternatives > maxPlacements) continue;
    if (key.part.isSingle) {
      keys.push(key);
      placements *= alternatives;
    } else if (!other || rules.usersOf(key.rule) < rules.usersOf(other.rule)) {
      other = key;
    }
  }
  if (other && placements * countAlternatives(rules, other.rule) <= maxPlacements) keys.push(other);
  return keys;
}

/** The rule that fewest conjunctions share, of those it could be filed under: the part to choose where it can only be one. */
export function rarest(rules: RuleTable, keys: readonly KeyRule[]): KeyPart | undefined {
  let best: KeyRule | undefined;
  for (const key of keys) if (!best || rules.usersOf(key.rule) < rules.usersOf(best.rule)) best = key;
  return best?.part;
}

/** The range, among the rules, to order the conjunction by: the one that fewest share; of these a `between`. 0 for none. */
export function findRangeRule(rules: RuleTable, candidates: readonly number[]): number {
  let best = 0;
  let leastUsers = Infinity;
  for (const rule of candidates) {
    if (rule <= notListRule || rules.partOf(rule) || !isRangeOperator(rules.operatorOf(rule))) continue;
    const users = rules.usersOf(rule) - (rules.operatorOf(rule) === 'between' ? 0.5 : 0);
    if (users >= leastUsers) continue;
    best = rule;
    leastUsers = users;
  }
  return best;
}
