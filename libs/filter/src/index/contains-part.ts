import type { JsonValue } from '#libs/protocol';
import type { OrderedValue } from '../operator.js';
import { ElementPart } from './element-part.js';
import { TextWindows } from './text-windows.js';

/** `contains`: by element where the field is a list or a number, by the parts of the text where it is a string. */
export class ContainsPart extends ElementPart {
  private readonly texts = new TextWindows((rule) => this.found(rule));

  override set(value: OrderedValue, rule: number): void {
    super.set(value, rule);
    if (typeof value === 'string') this.texts.set(value, rule);
  }

  override delete(value: OrderedValue): void {
    super.delete(value);
    if (typeof value === 'string') this.texts.delete(value);
  }

  protected override find(value: JsonValue): void {
    if (typeof value === 'string') this.texts.find(value);
    else super.find(value);
  }
}
