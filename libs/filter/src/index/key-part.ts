import type { JsonValue } from '#libs/protocol';
import type { FilterValue } from '../filter-value.js';

/**
 * One way to look rules of a field up by what an event holds there, instead of checking each: `eq` by the value, `beginsWith`
 * by its beginnings, and so on. Told the value, it names the rules that hold: exactly these, so that they need no check.
 */
export abstract class KeyPart {
  /** The signatures that are tried once a rule of this part holds. */
  readonly anchored: Signature[] = [];
  /** The rules that hold for the event being matched: the first `activeCount`. */
  readonly active: number[] = [];
  activeCount = 0;
  private event = 0;

  /**
   * @param id different from that of every other part of the index.
   * @param isSingle at most one of its rules holds at a time.
   * @param field whose value is looked up.
   */
  constructor(
    readonly id: number,
    readonly isSingle: boolean,
    private readonly field: { readonly value: JsonValue },
  ) {}

  /** The rule with that value; undefined where there is none. */
  abstract get(value: FilterValue): number | undefined;
  abstract set(value: FilterValue, rule: number): void;
  abstract delete(value: FilterValue): void;

  /** How many rules hold for the value that the field has in the event. Looked up once per event. */
  activate(event: number): number {
    if (this.event !== event) {
      this.event = event;
      this.activeCount = 0;
      this.find(this.field.value);
    }
    return this.activeCount;
  }

  /** Calls `found` once for each rule that holds. */
  protected abstract find(value: JsonValue): void;

  protected found(rule: number): void {
    this.active[this.activeCount] = rule;
    this.activeCount += 1;
  }
}

/** A set of parts that conjunctions are filed under together: one lookup finds those for which a rule of each part holds. */
export class Signature {
  /** Conjunctions that are filed under it. */
  users = 0;

  /** @param parts those of which one rule holds at a time first, by id. */
  constructor(
    readonly id: number,
    readonly parts: readonly KeyPart[],
  ) {}
}
