import type { JsonValue } from '#libs/protocol';
import type { OperatorName } from '../operators/index.js';
import { ContainsPart } from './contains-part.js';
import { ElementPart } from './element-part.js';
import { EqualityPart } from './equality-part.js';
import type { KeyPart } from './key-part.js';
import { PrefixPart } from './prefix-part.js';

/** The operators whose rules can be looked up, each by a part of its own. `in` is looked up as the `eq` of each value. */
export type KeyOperator = 'eq' | 'beginsWith' | 'contains' | 'containsAny';

const partsOf = { eq: EqualityPart, beginsWith: PrefixPart, contains: ContainsPart, containsAny: ElementPart } as const;

/** Parts that a field can have; the ids of a field's parts begin at this many times its own. */
const partIds: { readonly [Name in KeyOperator]: number } = { eq: 0, beginsWith: 1, contains: 2, containsAny: 3 };

/** One path of payloads that rules name, and what is known of its rules. */
export class Field {
  /** What the event being matched holds here; null where it holds nothing. Read once per event. */
  value: JsonValue = null;
  /** Rules on this field in the index. */
  rules = 0;
  /** The parts in use, in no order. */
  readonly parts: KeyPart[] = [];
  private readonly partsByOperator: { [Name in KeyOperator]?: KeyPart } = {};
  /** Rules that no part looks up, by operator and then by value or text of the values. */
  private readonly others = new Map<OperatorName, Map<JsonValue, number>>();

  constructor(
    readonly id: number,
    readonly path: readonly string[],
  ) {}

  /** The part that looks rules of the operator up. */
  part(operator: KeyOperator): KeyPart {
    let part = this.partsByOperator[operator];
    if (!part) {
      part = this.partsByOperator[operator] = new partsOf[operator](this.id * 4 + partIds[operator], this);
      this.parts.push(part);
    }
    return part;
  }

  /** Rules of an operator by the key that tells them apart. */
  otherRules(operator: OperatorName): Map<JsonValue, number> {
    let rules = this.others.get(operator);
    if (!rules) this.others.set(operator, (rules = new Map<JsonValue, number>()));
    return rules;
  }
}
