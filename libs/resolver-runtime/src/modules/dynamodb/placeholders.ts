import { slotBytes } from '../../budget.js';
import type { Budget } from '../../budget.js';
import { toTyped } from '../../util/typed-value.js';
import { createMap } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';

/** Steps of work for one placeholder: naming it and putting it into a map that grows takes 2 µs. */
const placeholderSteps = 20;

/** Numbers names and values of an expression as AWS does: `#expName_1`, `:expValue_1`. A name used twice keeps its number. */
export class Placeholders {
  readonly names: ValueMap = createMap();
  readonly values: ValueMap = createMap();
  private readonly numbered = new Map<string, string>();
  private valueCount = 0;

  constructor(private readonly budget: Budget) {}

  /** The placeholder of an attribute's path: one for each of its segments. */
  path(segments: readonly string[]): string {
    return segments.map((segment) => this.name(segment)).join('.');
  }

  value(value: Value): string {
    this.valueCount += 1;
    const placeholder = `:expValue_${this.valueCount}`;
    this.budget.step(placeholderSteps);
    this.budget.spend(slotBytes + placeholder.length);
    this.values[placeholder] = toTyped(value, this.budget);
    return placeholder;
  }

  private name(segment: string): string {
    let placeholder = this.numbered.get(segment);
    if (placeholder === undefined) {
      placeholder = `#expName_${this.numbered.size + 1}`;
      this.numbered.set(segment, placeholder);
      this.names[placeholder] = segment;
    }
    this.budget.step(placeholderSteps);
    this.budget.spend(slotBytes + placeholder.length);
    return placeholder;
  }
}
