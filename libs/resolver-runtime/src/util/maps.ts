import { slotBytes } from '../budget.js';
import type { Budget } from '../budget.js';
import { createMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { requireList, requireMap } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

function copyKeys(map: ValueMap, keys: readonly Value[], isRetaining: boolean, budget: Budget): ValueMap {
  const named = new Set(keys);
  const copy = createMap();
  for (const key of Object.keys(map)) {
    budget.spend(slotBytes);
    if (named.has(key) === isRetaining) {
      copy[key] = map[key] ?? null;
    }
  }
  return copy;
}

/** `util.map.*`: shallow copies. */
export const mapFunctions: UtilNamespace = Object.freeze({
  copyAndRetainAllKeys: ({ budget }, map, keys) =>
    copyKeys(requireMap('map.copyAndRetainAllKeys', map), requireList('map.copyAndRetainAllKeys', keys), true, budget),
  copyAndRemoveAllKeys: ({ budget }, map, keys) =>
    copyKeys(requireMap('map.copyAndRemoveAllKeys', map), requireList('map.copyAndRemoveAllKeys', keys), false, budget),
});
