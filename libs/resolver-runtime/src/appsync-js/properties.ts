import { slotBytes } from '../budget.js';
import { isList, isMap, isReservedKey } from '../values.js';
import type { Value, ValueMap } from '../values.js';
import { describe, toKey, toNumber } from './convert.js';
import type { JsValue, State } from './state.js';

/** A key of an array or string as JavaScript writes it: no sign, no leading zero. */
export const indexPattern = /^(?:0|[1-9]\d{0,15})$/;

/** The index a key means, or -1. */
function toIndex(key: JsValue): number {
  if (typeof key === 'number') {
    return Number.isSafeInteger(key) && key >= 0 ? key : -1;
  }
  return typeof key === 'string' && indexPattern.test(key) ? Number(key) : -1;
}

/**
 * A property: an own key of a map, an element or the length of an array or string. Everything else is undefined, methods
 * and all that JavaScript inherits among it, as in AppSync.
 */
export function readProperty(target: JsValue, key: JsValue, state: State): JsValue {
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) {
    return readNamed(target, toKey(key, state.budget), state);
  }
  if (typeof target === 'string' || isList(target)) {
    const index = toIndex(key);
    return index >= 0 ? target[index] : readNamed(target, toKey(key, state.budget), state);
  }
  return readNamed(target, toKey(key, state.budget), state);
}

/** {@link readProperty} with a name that the code gives, the common case. */
export function readNamed(target: JsValue, name: string, state: State): JsValue {
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) {
    return Object.hasOwn(target, name) && !isReservedKey(name) ? target[name] : undefined;
  }
  if (target === null || target === undefined) {
    throw state.fault(`cannot read '${name.slice(0, 100)}' of ${target}.`);
  }
  return name === 'length' && (typeof target === 'string' || isList(target)) ? target.length : undefined;
}

/** Puts a property on a map or an element into an array; anything else cannot be changed. */
export function writeProperty(target: JsValue, key: JsValue, value: JsValue, state: State): void {
  if (isList(target)) {
    writeElement(target, key, value, state);
    return;
  }
  const name = toKey(key, state.budget);
  if (!isMap(target)) {
    throw state.fault(`cannot set '${name.slice(0, 100)}' of ${describe(target)}.`);
  }
  if (isReservedKey(name)) {
    throw state.fault(`the key '${name}' is reserved and cannot be set.`);
  }
  if (!Object.hasOwn(target, name)) {
    state.budget.spend(slotBytes);
  }
  target[name] = value as Value;
}

function writeElement(list: Value[], key: JsValue, value: JsValue, state: State): void {
  if (key === 'length') {
    resize(list, toNumber(value, state.budget), state);
    return;
  }
  const index = toIndex(key);
  if (index < 0) {
    throw state.fault(`an array has no property '${toKey(key, state.budget).slice(0, 100)}' that can be set.`);
  }
  if (index >= list.length) {
    resize(list, index + 1, state);
  }
  list[index] = value as Value;
}

/** Makes the array shorter, or longer by undefined. */
function resize(list: Value[], length: number, state: State): void {
  if (!Number.isInteger(length) || length < 0) {
    throw state.fault(`${length} is no length of an array.`);
  }
  state.budget.spend(Math.max(0, length - list.length) * slotBytes);
  while (list.length < length) {
    list.push(undefined as unknown as Value);
  }
  list.length = length;
}

/** `delete`: takes the key from a map, leaves undefined in an array. True, as in JavaScript. */
export function deleteProperty(target: JsValue, key: JsValue, state: State): boolean {
  const name = toKey(key, state.budget);
  if (isMap(target)) {
    if (!isReservedKey(name)) {
      delete target[name];
    }
    return true;
  }
  const index = toIndex(key);
  if (isList(target) && name !== 'length') {
    if (index >= 0 && index < target.length) {
      target[index] = undefined as unknown as Value;
    }
    return true;
  }
  throw state.fault(`cannot delete '${name.slice(0, 100)}' of ${describe(target)}.`);
}

/** What `for … of`, spread and array patterns go through: the elements of an array, the characters of a string. */
export function iterate(value: JsValue, state: State): JsValue[] {
  if (isList(value)) {
    state.budget.spend(value.length * slotBytes);
    return value.slice();
  }
  if (typeof value === 'string') {
    state.budget.spend(value.length * (slotBytes + 1));
    return Array.from(value);
  }
  throw state.fault(`${describe(value)} is not iterable.`);
}

/** The own keys of a map, the indexes of an array or string; none of anything else. */
export function ownKeys(value: JsValue, state: State): string[] {
  if (typeof value === 'string') {
    state.budget.spend(value.length * slotBytes);
    return Array.from(value, (_character, index) => String(index));
  }
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  state.budget.spend(keys.length * slotBytes);
  return keys;
}

/**
 * The own keys with their values, for spread, rest and `Object.entries`. Data keeps what it has under the name of a class
 * member of JavaScript (`constructor`), although code cannot name it.
 */
export function ownEntries(value: JsValue, state: State): [string, JsValue][] {
  const read = (key: string): JsValue =>
    isMap(value) ? value[key] : isList(value) || typeof value === 'string' ? value[Number(key)] : undefined;
  return ownKeys(value, state).map((key) => [key, read(key)]);
}

/** Puts entries into a map. */
export function putEntries(target: ValueMap, entries: readonly (readonly [string, JsValue])[], state: State): void {
  state.budget.spend(entries.length * slotBytes);
  state.budget.step(entries.length * 2);
  for (const [key, value] of entries) {
    if (key !== '__proto__') {
      target[key] = value as Value;
    }
  }
}
