import { slotBytes } from '../../budget.js';
import type { Budget } from '../../budget.js';
import { areEqual, indexOfEqual } from '../../equality.js';
import { printValue } from '../../print-value.js';
import { createMap, isMap, readKey, writeKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { createMethodTable, textArgument } from './method.js';
import type { MethodTable } from './method.js';

function listKeys(map: ValueMap, budget: Budget): string[] {
  const keys = Object.keys(map);
  budget.spend(keys.length * slotBytes);
  return keys;
}

function countKeys(map: ValueMap, budget: Budget): number {
  const count = Object.keys(map).length;
  budget.step(1 + (count >> 6));
  return count;
}

/** One entry of `entrySet()`: a map with `key` and `value`, so that it is a value like others. */
function createEntry(key: string, value: Value): ValueMap {
  const entry = createMap();
  entry['key'] = key;
  entry['value'] = value;
  return entry;
}

function put(map: ValueMap, key: string, value: Value, budget: Budget): Value {
  const previous = readKey(map, key);
  budget.spend(slotBytes + key.length);
  writeKey(map, key, value);
  return previous;
}

/**
 * Methods of java.util.Map, and of its entries (`getKey`, `getValue`). `keySet`, `values` and `entrySet` are copies, not
 * views. `put` gives the previous value: null, which prints the call itself, unless it is wrapped in `$util.qr`.
 */
export const mapMethods: MethodTable<ValueMap> = createMethodTable<ValueMap>({
  get: (map, args, budget) => readKey(map, textArgument(args, 0, budget)),
  getOrDefault: (map, args, budget) => readKey(map, textArgument(args, 0, budget)) ?? args[1] ?? null,
  put: (map, args, budget) => put(map, textArgument(args, 0, budget), args[1] ?? null, budget),
  putIfAbsent: (map, args, budget) => {
    const key = textArgument(args, 0, budget);
    return readKey(map, key) ?? put(map, key, args[1] ?? null, budget);
  },
  putAll: (map, [other], budget) => {
    if (isMap(other)) {
      for (const key of listKeys(other, budget)) {
        writeKey(map, key, other[key] ?? null);
      }
    }
    return '';
  },
  remove: (map, args, budget) => {
    const key = textArgument(args, 0, budget);
    const previous = readKey(map, key);
    delete map[key];
    return previous;
  },
  clear: (map, _args, budget) => {
    for (const key of listKeys(map, budget)) {
      delete map[key];
    }
    return '';
  },
  containsKey: (map, args, budget) => Object.hasOwn(map, textArgument(args, 0, budget)),
  containsValue: (map, [value], budget) => indexOfEqual(Object.values(map), value ?? null, budget) >= 0,
  size: (map, _args, budget) => countKeys(map, budget),
  isEmpty: (map, _args, budget) => countKeys(map, budget) === 0,
  keySet: (map, _args, budget) => listKeys(map, budget),
  values: (map, _args, budget) => listKeys(map, budget).map((key) => map[key] ?? null),
  entrySet: (map, _args, budget) => {
    const keys = listKeys(map, budget);
    budget.spend(keys.length * 3 * slotBytes);
    return keys.map((key) => createEntry(key, map[key] ?? null));
  },
  getKey: (entry) => readKey(entry, 'key'),
  getValue: (entry) => readKey(entry, 'value'),
  equals: (map, [other], budget) => areEqual(map, other ?? null, budget),
  toString: (map, _args, budget) => printValue(map, budget),
});
