import type { JsonValue } from '#libs/protocol';
import { isJsonObject } from '#libs/protocol';
import { maxComparedDepth } from '../is-same-json.js';
import { isJsonList } from '../is-json-list.js';

/**
 * One text for all lists and objects that `isSameJson` calls equal, whatever the order of their keys; undefined for one that it
 * calls different from every other: deeper than it compares, or with something in it that JSON does not have.
 */
export function canonicalText(value: JsonValue): string | undefined {
  const parts: string[] = [];
  return writeText(value, 0, parts) ? parts.join('') : undefined;
}

function writeText(value: JsonValue | undefined, depth: number, parts: string[]): boolean {
  if (value === undefined || Number.isNaN(value)) return false;
  if (typeof value === 'number') {
    // Not JSON.stringify: JSON.parse reads 1e999 as an infinity, and that would become null.
    parts.push(value === 0 ? '0' : String(value));
    return true;
  }
  if (!isJsonList(value) && !isJsonObject(value)) {
    parts.push(JSON.stringify(value));
    return true;
  }
  if (depth >= maxComparedDepth) return false;
  if (isJsonList(value)) {
    parts.push('[');
    for (let index = 0; index < value.length; index += 1) {
      if (!writeText(value[index], depth + 1, parts)) return false;
      parts.push(',');
    }
    parts.push(']');
    return true;
  }
  parts.push('{');
  for (const key of Object.keys(value).sort()) {
    parts.push(JSON.stringify(key), ':');
    if (!writeText(value[key], depth + 1, parts)) return false;
    parts.push(',');
  }
  parts.push('}');
  return true;
}
