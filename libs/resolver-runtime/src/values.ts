import { createDictionary, FieldError } from '#libs/protocol';

/**
 * Everything a resolver can hold. Maps inherit nothing and are read by own property only, so that no name a template
 * writes can lead to an object of the host.
 */
export type Value = null | boolean | number | string | Value[] | ValueMap;

/** A map of the value model: made by {@link createMap}, never by a literal with a prototype. */
export interface ValueMap {
  [key: string]: Value;
}

/** Levels of nesting {@link toValue} takes. Deeper data is hostile: no schema describes it and no client reads it. */
const maxNesting = 512;

/** Names that lead from an object to its class in JavaScript: they never resolve and cannot be set. */
const reservedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function isReservedKey(key: string): boolean {
  return reservedKeys.has(key);
}

export function createMap(): ValueMap {
  return createDictionary<Value>();
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is Value[] {
  return Array.isArray(value);
}

/** The value under a key of the map's own; null when there is none, and always for a reserved key. */
export function readKey(map: ValueMap, key: string): Value {
  return Object.hasOwn(map, key) && !reservedKeys.has(key) ? (map[key] ?? null) : null;
}

/** Puts a value under a key. Throws a FieldError for a reserved key. */
export function writeKey(map: ValueMap, key: string, value: Value): void {
  if (reservedKeys.has(key)) {
    throw new FieldError(`The key '${key}' is reserved and cannot be set.`, 'MappingTemplate');
  }
  map[key] = value;
}

/**
 * A deep copy of JSON-like host data in the value model. undefined, functions, symbols, NaN and the infinities become
 * null, sets lists, dates ISO 8601 text, bigints numbers. A key `__proto__` is dropped: an assignment further on would follow it.
 * Throws a FieldError for data nested deeper than 512 levels, which a cycle is.
 */
export function toValue(input: unknown): Value {
  return copyIn(input, 0);
}

function copyIn(input: unknown, depth: number): Value {
  switch (typeof input) {
    case 'string':
    case 'boolean':
      return input;
    case 'number':
      return Number.isFinite(input) ? input : null;
    case 'bigint':
      return Number(input);
    case 'object':
      return input === null ? null : copyObjectIn(input, depth + 1);
    default:
      return null;
  }
}

function copyObjectIn(input: object, depth: number): Value {
  if (depth > maxNesting) {
    throw new FieldError(`The data is nested deeper than ${maxNesting} levels.`, 'MappingTemplate');
  }
  if (Array.isArray(input) || input instanceof Set) {
    return Array.from(input as Iterable<unknown>, (item) => copyIn(item, depth));
  }
  if (input instanceof Date) {
    return Number.isNaN(input.getTime()) ? null : input.toISOString();
  }
  const map = createMap();
  for (const key of Object.keys(input)) {
    if (key !== '__proto__') {
      map[key] = copyIn((input as Record<string, unknown>)[key], depth);
    }
  }
  return map;
}
