import type { JsonValue } from '#libs/protocol';
import type { OrderedValue } from '../operator.js';
import { KeyPart } from './key-part.js';

/** `containsAny`, one value of it: a get for each different element of a list; a scalar is a list of one. */
export class ElementPart extends KeyPart {
  private readonly rules = new Map<JsonValue, number>();

  constructor(id: number, field: { readonly value: JsonValue }) {
    super(id, false, field);
  }

  get(value: OrderedValue): number | undefined {
    return this.rules.get(value);
  }

  set(value: OrderedValue, rule: number): void {
    this.rules.set(value, rule);
  }

  delete(value: OrderedValue): void {
    this.rules.delete(value);
  }

  protected find(value: JsonValue): void {
    if (!Array.isArray(value)) this.findElement(value);
    // A list may hold an element twice.
    else for (const element of new Set(value as readonly JsonValue[])) this.findElement(element);
  }

  protected findElement(element: JsonValue): void {
    const rule = this.rules.get(element);
    if (rule !== undefined) this.found(rule);
  }
}
