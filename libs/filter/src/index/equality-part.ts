import type { JsonValue } from '#libs/protocol';
import type { FilterValue } from '../filter-value.js';
import { canonicalText } from './canonical-text.js';
import { KeyPart } from './key-part.js';

/** `eq`: one get by the value. Arguments may be null, which a missing field is too, and lists or objects, found by their text. */
export class EqualityPart extends KeyPart {
  private readonly scalars = new Map<JsonValue, number>();
  private readonly structures = new Map<string, number>();

  constructor(id: number, field: { readonly value: JsonValue }) {
    super(id, true, field);
  }

  get(value: FilterValue): number | undefined {
    return isStructure(value) ? this.structures.get(structureKey(value)) : this.scalars.get(value);
  }

  set(value: FilterValue, rule: number): void {
    if (isStructure(value)) this.structures.set(structureKey(value), rule);
    else this.scalars.set(value, rule);
  }

  delete(value: FilterValue): void {
    if (isStructure(value)) this.structures.delete(structureKey(value));
    else this.scalars.delete(value);
  }

  protected find(value: JsonValue): void {
    // Writing a large value's text for nothing is worth avoiding: arguments are hardly ever lists or objects.
    if (isStructure(value) && this.structures.size === 0) return;
    const rule = this.get(value);
    if (rule !== undefined) this.found(rule);
  }
}

function isStructure(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

/** No rule has the empty text: a value without one equals nothing, and has no rule here. */
function structureKey(value: JsonValue): string {
  return canonicalText(value) ?? '';
}
