import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import { normalizeDecimal } from './decimal.js';
import type { Item } from './typed-value.js';
import { encodeBinary } from './untyped-value.js';

/** True if DynamoDB would hold the two items for equal. Attributes named in `ignore` do not count, wherever they are. */
export function equalItems(a: Item, b: Item, ignore: readonly string[] = []): boolean {
  return canonicalItem(a, ignore) === canonicalItem(b, ignore);
}

/** True if DynamoDB would hold the two values for equal: numbers by value, sets without order, lists with it. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  return canonicalValue(a) === canonicalValue(b);
}

/** A text that two items, or two keys, share exactly if DynamoDB would hold them for equal. */
export function canonicalItem(item: Item, ignore: readonly string[] = []): string {
  const names = Object.keys(item).filter((name) => !ignore.includes(name));
  return JSON.stringify(names.sort().map((name) => [name, canonicalValue(item[name]!)]));
}

/** A text that two values share exactly if they are equal; the type leads, because S "1" and N 1 differ. */
function canonicalValue(value: AttributeValue): string {
  if (value.N !== undefined) return `N${normalizeDecimal(value.N)}`;
  if (value.NS !== undefined) return `NS${canonicalSet(value.NS.map(normalizeDecimal))}`;
  if (value.SS !== undefined) return `SS${canonicalSet(value.SS)}`;
  if (value.BS !== undefined) return `BS${canonicalSet(value.BS.map(encodeBinary))}`;
  if (value.B !== undefined) return `B${encodeBinary(value.B)}`;
  if (value.L !== undefined) return `L${JSON.stringify(value.L.map(canonicalValue))}`;
  if (value.M !== undefined) return `M${canonicalItem(value.M)}`;
  return JSON.stringify(value);
}

function canonicalSet(elements: readonly string[]): string {
  return JSON.stringify([...elements].sort());
}
