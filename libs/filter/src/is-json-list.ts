import type { JsonValue } from '#libs/protocol';

/** True for a JSON list. `Array.isArray` alone narrows a readonly list to `any[]`. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
