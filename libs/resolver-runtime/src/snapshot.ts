import { slotBytes } from './budget.js';
import type { Budget } from './budget.js';
import { createMap } from './values.js';
import type { Value } from './values.js';

/**
 * A deep copy that shares nothing with what the handler may still change. Handlers build values that refer to one list
 * twice, or to themselves: outside the evaluator only plain trees are safe to walk, so every value that leaves it is
 * copied here, under the budget. Texts count in full each time, since outside they may be written out each time.
 *
 * What only JavaScript has becomes what JSON makes of it: no entry for undefined in a map, null for it in a list and for
 * a number that is none.
 */
export function snapshot(value: Value | undefined, budget: Budget): Value {
  if (typeof value === 'string') {
    budget.spend(value.length);
    return value;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : null;
  }
  if (typeof value !== 'object' || value === null) {
    return value ?? null;
  }
  budget.enter();
  let copy: Value;
  if (Array.isArray(value)) {
    budget.spend(value.length * slotBytes);
    copy = value.map((item) => snapshot(item, budget));
  } else {
    copy = createMap();
    for (const key of Object.keys(value)) {
      const item = value[key];
      if (item !== undefined) {
        budget.spend(slotBytes + key.length);
        copy[key] = snapshot(item, budget);
      }
    }
  }
  budget.leave();
  return copy;
}
