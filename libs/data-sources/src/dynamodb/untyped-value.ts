import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonObject, JsonValue } from '#libs/protocol';

import type { Item } from './typed-value.js';

/**
 * A typed value as templates and handlers see it in `ctx.result` (AppSync reference, section 8.2): S a string, B a base64
 * string, N a number, sets and L lists, M an object, NULL null.
 *
 * N is always a JSON number, the nearest one a double holds: integers are exact up to 2^53, beyond that the stored digits
 * are intact but the last ones do not survive the reading. A string instead would keep them and change the type of a field
 * with its size, which breaks arithmetic in templates and comparisons in subscription filters.
 */
export function untypeValue(value: AttributeValue): JsonValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.M !== undefined) return untypeItem(value.M);
  if (value.L !== undefined) return value.L.map(untypeValue);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(Number);
  if (value.B !== undefined) return encodeBinary(value.B);
  if (value.BS !== undefined) return value.BS.map(encodeBinary);
  throw new TypeError(`DynamoDB answered a value of an unknown type: ${Object.keys(value).join(', ')}`);
}

/** An item, or a map inside one. */
export function untypeItem(item: Item): JsonObject {
  // fromEntries defines properties, so an attribute may be called __proto__ and stay an attribute.
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, untypeValue(value)]));
}

/** An item that may not be there: null then. */
export function untypeOptionalItem(item: Item | undefined): JsonObject | null {
  return item === undefined ? null : untypeItem(item);
}

/** Binary as documents and results write it. */
export function encodeBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
