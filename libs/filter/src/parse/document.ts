import type { JsonObject, JsonValue } from '#libs/protocol';
import { FilterError } from '../filter-error.js';
import { cutName, quoteName } from '../filter-texts.js';

/** The path of `key` below `path`; '' is the root. A long key is cut. */
export function joinPath(path: string, key: string): string {
  return path === '' ? cutName(key) : `${path}.${cutName(key)}`;
}

/** The value of an own key; undefined where there is none. */
export function readKey(map: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/**
 * The list at a key, copied: a hole becomes undefined and is refused as an entry, where `map` would pass over it.
 *
 * @throws FilterError where it is anything else.
 */
export function readList(map: JsonObject, key: string, path: string): readonly unknown[] {
  const value = readKey(map, key);
  if (!Array.isArray(value)) {
    const listPath = joinPath(path, key);
    throw new FilterError(`${listPath} must be a list.`, listPath);
  }
  return [...(value as readonly unknown[])];
}

/**
 * Refuses keys the filter language does not have. Passing over one would make the filter match more than was written.
 *
 * @throws FilterError naming the first.
 */
export function refuseOtherKeys(map: JsonObject, known: readonly string[], path: string): void {
  const other = Object.keys(map).find((key) => !known.includes(key));
  if (other === undefined) return;
  const where = path === '' ? 'subscription filter' : path;
  const allowed = known.map(quoteName).join(', ');
  throw new FilterError(`${where} has unknown key ${quoteName(other)}; allowed: ${allowed}.`, path);
}
