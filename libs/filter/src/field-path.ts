import type { JsonValue } from '#libs/protocol';
import { isJsonObject } from '#libs/protocol';

/**
 * Splits a field name at its dots. A dot always separates levels: GraphQL names have none, so a payload key that contains
 * one cannot be addressed.
 */
export function splitFieldName(fieldName: string): readonly string[] {
  return fieldName.split('.');
}

/**
 * The value at a path of a payload; undefined where a level is missing, null, a scalar or a list (lists of objects are not
 * looked into). Own properties only, so that `__proto__` and `constructor` are names like any other.
 */
export function readPath(payload: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = payload;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
