import type { Budget } from './budget.js';
import { formatNumber } from './numbers.js';
import { isList } from './values.js';
import type { Value } from './values.js';

/** The value as Java's `toString` prints it: `[a, b]`, `{k=v}`, strings bare. Null is `null`. */
export function printValue(value: Value, budget: Budget): string {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  budget.enter();
  const print = (item: Value): string => {
    const text = printValue(item, budget);
    budget.spend(text.length + 2);
    return text;
  };
  const text = isList(value)
    ? `[${value.map(print).join(', ')}]`
    : `{${Object.keys(value)
        .map((key) => `${print(key)}=${print(value[key] ?? null)}`)
        .join(', ')}}`;
  budget.leave();
  return text;
}
