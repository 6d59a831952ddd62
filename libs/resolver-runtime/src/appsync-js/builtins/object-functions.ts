import { slotBytes } from '../../budget.js';
import { isList, isMap, isReservedKey } from '../../values.js';
import type { Value } from '../../values.js';
import { describe, toKey } from '../convert.js';
import { ownEntries, ownKeys, putEntries } from '../properties.js';
import type { JsValue, State } from '../state.js';
import { createFunctions } from './builtin.js';

function requireObject(value: JsValue, name: string, state: State): JsValue {
  if (value === null || value === undefined) {
    throw state.fault(`Object.${name} expects an object, not ${describe(value)}.`);
  }
  return value;
}

function hasOwn(value: JsValue, key: string): boolean {
  if (isMap(value)) {
    return Object.hasOwn(value, key) && !isReservedKey(key);
  }
  return (isList(value) || typeof value === 'string') && Object.hasOwn(Object(value) as object, key);
}

/** `Object.*`. */
export const objectFunctions = createFunctions({
  assign: (state, [target, ...sources]) => {
    if (!isMap(target)) {
      throw state.fault(`Object.assign expects an object to change, not ${describe(target)}.`);
    }
    for (const source of sources) {
      putEntries(target, ownEntries(source, state), state);
    }
    return target;
  },
  entries: (state, [value]) => {
    const entries = ownEntries(requireObject(value, 'entries', state), state);
    state.budget.spend(entries.length * 2 * slotBytes);
    return entries as Value[];
  },
  hasOwn: (state, [value, key]) => hasOwn(requireObject(value, 'hasOwn', state), toKey(key, state.budget)),
  keys: (state, [value]) => ownKeys(requireObject(value, 'keys', state), state),
  values: (state, [value]) =>
    ownEntries(requireObject(value, 'values', state), state).map(([, member]) => member) as Value[],
});
