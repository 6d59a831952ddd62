import { isOrderedValue } from '../operator.js';
import type { Checks } from './checks.js';
import type { Field } from './field.js';
import type { Range } from './range.js';
import { rangeOf } from './range.js';
import { RangeList } from './range-list.js';
import type { RuleTable } from './rule-table.js';

interface FieldRanges {
  readonly field: Field;
  /** Numbers and texts have no order between them. */
  readonly type: string;
  readonly list: RangeList;
}

/** The conjunctions of a bucket that has many: those with a range ordered by it, for each field and type, the others in a set. */
export class LargeBucket {
  private readonly ranges: FieldRanges[] = [];
  private readonly others = new Set<number>();

  constructor(
    private readonly rules: RuleTable,
    private readonly checks: Checks,
  ) {}

  get isEmpty(): boolean {
    return this.ranges.length === 0 && this.others.size === 0;
  }

  add(conjunction: number): void {
    const range = this.rangeOf(conjunction);
    if (!range) {
      this.others.add(conjunction);
      return;
    }
    const { field, type, bounds } = range;
    let entry = this.ranges.find((item) => item.field === field && item.type === type);
    if (!entry) this.ranges.push((entry = { field, type, list: new RangeList() }));
    entry.list.add(bounds, this.itemOf(conjunction));
  }

  delete(conjunction: number): void {
    const range = this.rangeOf(conjunction);
    if (!range) {
      this.others.delete(conjunction);
      return;
    }
    const { field, type, bounds } = range;
    const index = this.ranges.findIndex((item) => item.field === field && item.type === type);
    const list = this.ranges[index]?.list;
    list?.delete(bounds, this.itemOf(conjunction));
    if (list?.isEmpty) this.ranges.splice(index, 1);
  }

  /** Writes the conjunctions that hold for the event to `matched`, from `count` on, and returns the count then. */
  find(matched: number[], count: number): number {
    const { checks } = this;
    let total = count;
    for (const { field, type, list } of this.ranges) {
      const { value } = field;
      if (typeof value !== type || !isInOrder(value)) continue;
      const end = list.find(value, matched, total);
      for (let index = total; index < end; index += 1) {
        const item = matched[index]!;
        const conjunction = item >>> 1;
        if ((item & 1) === 0 || checks.passInRange(conjunction)) matched[total++] = conjunction;
      }
    }
    if (this.others.size === 0) return total;
    for (const conjunction of this.others) if (checks.pass(conjunction)) matched[total++] = conjunction;
    return total;
  }

  /**
   * Twice the conjunction, plus 1 where more than its range has to hold: asking the checks of thousands of conjunctions would be
   * as many places in memory to go to.
   */
  private itemOf(conjunction: number): number {
    return conjunction * 2 + (this.checks.isRangeAll(conjunction) ? 0 : 1);
  }

  private rangeOf(conjunction: number): { field: Field; type: string; bounds: Range } | undefined {
    const rule = this.checks.rangeRuleOf(conjunction);
    const bounds = rule === 0 ? undefined : rangeOf(this.rules.operatorOf(rule), this.rules.valueOf(rule));
    return bounds && { field: this.rules.fieldOf(rule), type: typeof bounds.lower, bounds };
  }
}

/** An infinity is in order too: JSON has none, but `JSON.parse` makes one of 1e999. */
function isInOrder(value: unknown): value is string | number {
  return isOrderedValue(value) || value === Infinity || value === -Infinity;
}
