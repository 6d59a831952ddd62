import type { JsonValue } from '#libs/protocol';
import { isJsonObject } from '#libs/protocol';
import { isJsonList } from './is-json-list.js';

/**
 * Levels of lists and objects that are compared; deeper values count as different. Arguments come from clients, so the
 * recursion needs an end; 32 is far more than an input type a person writes has.
 */
export const maxComparedDepth = 32;

/** True for equal JSON values: no coercion, list order counts, key order does not, an absent key differs from null. */
export function isSameJson(left: JsonValue, right: JsonValue, depth = 0): boolean {
  if (left === right) return true;
  if (depth >= maxComparedDepth) return false;
  if (isJsonList(left) && isJsonList(right)) {
    return (
      left.length === right.length && left.every((item, index) => isSameJson(item, right[index] ?? null, depth + 1))
    );
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key] ?? null, right[key] ?? null, depth + 1))
    );
  }
  return false;
}
