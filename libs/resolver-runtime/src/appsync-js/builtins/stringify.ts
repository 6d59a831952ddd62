import type { Budget } from '../../budget.js';
import { isList } from '../../values.js';
import type { JsValue } from '../state.js';

/**
 * `JSON.stringify`: entries of undefined are left out, undefined in a list and numbers that are none are null. Undefined for
 * undefined. `indent` is one level of indentation; the empty text gives one line. Counts every node and character.
 */
export function stringify(value: JsValue, indent: string, budget: Budget): string | undefined {
  return value === undefined ? undefined : write(value, indent, '\n', budget);
}

function write(value: JsValue, indent: string, newline: string, budget: Budget): string {
  budget.step();
  switch (typeof value) {
    case 'string':
      return quote(value, budget);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return String(value);
    default:
      return value === null || value === undefined ? 'null' : writeMembers(value, indent, newline, budget);
  }
}

function quote(text: string, budget: Budget): string {
  // Escapes: up to six characters for one.
  budget.spend(text.length + 2);
  const quoted = JSON.stringify(text);
  budget.spend(quoted.length - text.length);
  return quoted;
}

function writeMembers(value: NonNullable<JsValue> & object, indent: string, newline: string, budget: Budget): string {
  budget.enter();
  const inner = indent === '' ? newline : newline + indent;
  const colon = indent === '' ? ':' : ': ';
  const members: string[] = [];
  if (isList(value)) {
    for (const item of value) {
      budget.spend(inner.length);
      members.push(write(item, indent, inner, budget));
    }
  } else {
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (member !== undefined) {
        budget.spend(inner.length + 1);
        members.push(quote(key, budget) + colon + write(member, indent, inner, budget));
      }
    }
  }
  budget.leave();
  const [open, close] = isList(value) ? '[]' : '{}';
  if (members.length === 0 || indent === '') {
    return `${open}${members.join(',')}${close}`;
  }
  return `${open}${inner}${members.join(`,${inner}`)}${newline}${close}`;
}
