import { BlockPool } from './block-pool.js';
import { Column } from './column.js';
import type { MatchClock } from './match-clock.js';
import type { RuleTable } from './rule-table.js';

/**
 * What is still to be asked of a conjunction that was found where it is filed. A block is twice the number of rules, plus 1 where it can repeat, then the rule
 * of the range, then the rules; a conjunction with nothing left to ask has none.
 */
export class Checks {
  private readonly blocks = new BlockPool();
  private readonly starts = new Column();
  private readonly stamps: Column;

  constructor(
    private readonly rules: Pick<RuleTable, 'holds'>,
    private readonly clock: MatchClock,
  ) {
    this.stamps = clock.clears(new Column());
  }

  /**
   * @param rules those it is not filed under.
   * @param rangeRule the one by which it is ordered in a large bucket; in others one more to check. 0 for none.
   * @param canRepeat it is filed under alternatives of which several can hold for an event, and must be given once.
   */
  set(conjunction: number, rules: readonly number[], rangeRule: number, canRepeat: boolean): void {
    this.starts.reserve(conjunction);
    this.starts.values[conjunction] = 0;
    if (rules.length === 0 && rangeRule === 0 && !canRepeat) return;
    const start = this.blocks.allocate(rules.length + 2);
    const { words } = this.blocks;
    words[start] = rules.length * 2 + (canRepeat ? 1 : 0);
    words[start + 1] = rangeRule;
    for (let index = 0; index < rules.length; index += 1) words[start + 2 + index] = rules[index]!;
    this.starts.values[conjunction] = start;
    if (canRepeat) this.stamps.reserve(conjunction);
  }

  delete(conjunction: number): void {
    const start = this.starts.values[conjunction]!;
    if (start !== 0) this.blocks.release(start, (this.blocks.words[start]! >>> 1) + 2);
    this.starts.values[conjunction] = 0;
  }

  /** The rule of the range; 0 for none. */
  rangeRuleOf(conjunction: number): number {
    const start = this.starts.values[conjunction]!;
    return start === 0 ? 0 : this.blocks.words[start + 1]!;
  }

  /** True where nothing but the range is left to ask. */
  isRangeAll(conjunction: number): boolean {
    return this.blocks.words[this.starts.values[conjunction]!] === 0;
  }

  /** True where all that is left holds for the event being matched. For one that can repeat, only the first time. */
  pass(conjunction: number): boolean {
    const start = this.starts.values[conjunction]!;
    if (start === 0) return true;
    const rangeRule = this.blocks.words[start + 1]!;
    return (rangeRule === 0 || this.rules.holds(rangeRule)) && this.passRules(conjunction, start);
  }

  /** The same for one that was found by its range. */
  passInRange(conjunction: number): boolean {
    return this.passRules(conjunction, this.starts.values[conjunction]!);
  }

  private passRules(conjunction: number, start: number): boolean {
    const { words } = this.blocks;
    const header = words[start]!;
    const end = start + 2 + (header >>> 1);
    for (let index = start + 2; index < end; index += 1) if (!this.rules.holds(words[index]!)) return false;
    if ((header & 1) === 0) return true;
    const { values } = this.stamps;
    if (values[conjunction] === this.clock.stamp) return false;
    values[conjunction] = this.clock.stamp;
    return true;
  }
}
