import { slotBytes } from './budget.js';
import type { Budget } from './budget.js';
import { createMap } from './values.js';
import type { Value, ValueMap } from './values.js';

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
    // A negative zero is a zero.
    return Number.isFinite(value) ? value + 0 : null;
  }
  if (typeof value !== 'object' || value === null) {
    return value ?? null;
  }
  budget.enter();
  // A copy is more work than the step that entering counts.
  budget.step(2);
  const copy = Array.isArray(value) ? copyList(value, budget) : copyMap(value, budget);
  budget.leave();
  return copy;
}

function copyList(list: readonly Value[], budget: Budget): Value[] {
  budget.spend(list.length * slotBytes);
  return list.map((item) => snapshot(item, budget));
}

function copyMap(map: ValueMap, budget: Budget): ValueMap {
  const copy = createMap();
  let bytes = 0;
  for (const key of Object.keys(map)) {
    const item = map[key];
    if (item !== undefined) {
      bytes += slotBytes + key.length;
      copy[key] = snapshot(item, budget);
    }
  }
  budget.spend(bytes);
  return copy;
}
