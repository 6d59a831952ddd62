import type { Budget } from '../budget.js';
import { formatNumber } from '../numbers.js';
import { isList } from '../values.js';
import type { Value } from '../values.js';

/** The value as JSON text without spaces, keys in the order they were put. Counts every node and character. */
export function writeJson(value: Value, budget: Budget): string {
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  if (typeof value === 'string') {
    budget.spend(value.length + 2);
    const quoted = JSON.stringify(value);
    // Escapes: up to six characters for one.
    budget.spend(quoted.length - value.length);
    return quoted;
  }
  budget.enter();
  let text: string;
  let separator = '';
  if (isList(value)) {
    text = '[';
    for (const item of value) {
      budget.spend(1);
      text += separator + writeJson(item, budget);
      separator = ',';
    }
    text += ']';
  } else {
    text = '{';
    for (const key of Object.keys(value)) {
      budget.spend(key.length + 3);
      text += `${separator}${JSON.stringify(key)}:${writeJson(value[key] ?? null, budget)}`;
      separator = ',';
    }
    text += '}';
  }
  budget.leave();
  return text;
}
