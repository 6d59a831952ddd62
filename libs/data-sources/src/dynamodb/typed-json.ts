import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JsonObject, JsonValue } from '#libs/protocol';

import { normalizeDecimal } from './decimal.js';
import type { Item } from './typed-value.js';
import { encodeBinary } from './untyped-value.js';

/**
 * An item in the notation of request documents, `{"title": {"S": "Paint"}}`, so that a function may write parts of it back.
 *
 * N is a JSON number as in documents, since functions do arithmetic on it; the text DynamoDB has where a double would lose
 * digits. Both are read back as the same number.
 */
export function toTypedJson(item: Item): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toJson(value)]));
}

function toJson(value: AttributeValue): JsonValue {
  if (value.N !== undefined) return { N: toNumber(value.N) };
  if (value.NS !== undefined) return { NS: value.NS.map(toNumber) };
  if (value.B !== undefined) return { B: encodeBinary(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(encodeBinary) };
  if (value.L !== undefined) return { L: value.L.map(toJson) };
  if (value.M !== undefined) return { M: toTypedJson(value.M) };
  if (value.S !== undefined) return { S: value.S };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  throw new TypeError(`DynamoDB answered a value of an unknown type: ${Object.keys(value).join(', ')}`);
}

function toNumber(text: string): JsonValue {
  const number = Number(text);
  return normalizeDecimal(String(number)) === normalizeDecimal(text) ? number : text;
}
