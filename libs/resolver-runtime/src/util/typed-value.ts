import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';
import { createMap, isList } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/** A map of one entry: DynamoDB's form of a value under its type. */
export function typed(type: string, value: Value): ValueMap {
  const map = createMap();
  map[type] = value;
  return map;
}

/** The DynamoDB typed form of a value; lists become `L`, never a set. `N` carries a JSON number (AppSync reference, section 7.4). */
export function toTyped(value: Value, budget: Budget): ValueMap {
  if (value === null) {
    return typed('NULL', null);
  }
  switch (typeof value) {
    case 'string':
      return typed('S', value);
    case 'number':
      return typed('N', value);
    case 'boolean':
      return typed('BOOL', value);
    default:
      return isList(value) ? typed('L', toTypedList(value, budget)) : typed('M', toTypedMap(value, budget));
  }
}

/** Each element in typed form. */
export function toTypedList(list: readonly Value[], budget: Budget): Value[] {
  budget.enter();
  budget.spend(list.length * 2 * slotBytes);
  const items = list.map((item) => toTyped(item, budget));
  budget.leave();
  return items;
}

/** Each value in typed form under its key: what `key` and `attributeValues` of a document are. */
export function toTypedMap(map: ValueMap, budget: Budget): ValueMap {
  budget.enter();
  const result = createMap();
  for (const key of Object.keys(map)) {
    budget.spend(2 * slotBytes);
    result[key] = toTyped(map[key] ?? null, budget);
  }
  budget.leave();
  return result;
}
