import { slotBytes } from './budget.js';
import type { Budget } from './budget.js';
import { createMap } from './values.js';
import type { Value } from './values.js';

/**
 * A deep copy that shares nothing with what the handler may still change. Handlers build values that refer to one list
 * twice, or to themselves: outside the evaluator only plain trees are safe to walk, so every value that leaves it is
 * copied here, under the budget.
 */
export function snapshot(value: Value, budget: Budget): Value {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  budget.enter();
  let copy: Value;
  if (Array.isArray(value)) {
    budget.spend(value.length * slotBytes);
    copy = value.map((item) => snapshot(item, budget));
  } else {
    copy = createMap();
    for (const key of Object.keys(value)) {
      budget.spend(slotBytes);
      copy[key] = snapshot(value[key] ?? null, budget);
    }
  }
  budget.leave();
  return copy;
}
