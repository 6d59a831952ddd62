import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import type { DocumentReader } from '../document/document-reader.js';
import { unsupportedElement, wrongElement } from '../document/mapping-template-error.js';

/** A DynamoDB item, or its key: attribute name → typed value. */
export type Item = Record<string, AttributeValue>;

/** Levels of lists and maps. DynamoDB stores as many; the bound here keeps a hostile document from exhausting the stack. */
const maxDepth = 32;

const oneType = 'an object with exactly one of S, N, B, BOOL, NULL, SS, NS, BS, L, M';

/** The typed values of an object such as `key`, `attributeValues` or `expressionValues`. */
export function readTypedValues(reader: DocumentReader): Item {
  return readMap(reader.object, reader.path, 0);
}

/**
 * One typed value of a request document, e.g. `{"S": "open"}`, as DynamoDB's client takes it (AppSync reference,
 * section 8.2).
 *
 * Numbers may be JSON numbers or strings. A string reaches DynamoDB digit for digit, so that more than the 53 bits of a
 * JSON number can be stored.
 *
 * @param path where the value stands in the document, for the error text
 */
export function readTypedValue(value: JsonValue, path: string, depth = 0): AttributeValue {
  if (depth > maxDepth) throw wrongElement(path, `at most ${maxDepth} levels of lists and maps`, value);
  if (!isJsonObject(value)) throw wrongElement(path, oneType, value);
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) throw wrongElement(path, oneType, value);
  const [type, content] = entry;
  const at = `${path}[${type}]`;
  switch (type) {
    case 'S':
      return { S: readString(content, at) };
    case 'N':
      return { N: readNumber(content, at) };
    case 'B':
      return { B: readBinary(content, at) };
    case 'BOOL':
      if (typeof content !== 'boolean') throw wrongElement(at, 'true or false', content);
      return { BOOL: content };
    case 'NULL':
      // AppSync's converters print null here, DynamoDB's own notation is true. There is no "not null" value.
      if (content !== null && content !== true) throw wrongElement(at, 'null or true', content);
      return { NULL: true };
    case 'SS':
      return { SS: readList(content, at, readString) };
    case 'NS':
      return { NS: readList(content, at, readNumber) };
    case 'BS':
      return { BS: readList(content, at, readBinary) };
    case 'L':
      return { L: readList(content, at, (item, itemPath) => readTypedValue(item, itemPath, depth + 1)) };
    case 'M':
      if (!isJsonObject(content)) throw wrongElement(at, 'an object', content);
      return { M: readMap(content, at, depth + 1) };
    default:
      throw wrongElement(path, oneType, value);
  }
}

function readMap(object: Readonly<Record<string, JsonValue>>, path: string, depth: number): Item {
  // AWS's client drops an attribute of this name from the items it reads, without a word.
  if (Object.hasOwn(object, '__proto__')) throw unsupportedElement(`${path}[__proto__]`);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, readTypedValue(value, `${path}[${name}]`, depth)]),
  );
}

function readList<Element>(
  value: JsonValue,
  path: string,
  readElement: (element: JsonValue, path: string) => Element,
): Element[] {
  if (!Array.isArray(value)) throw wrongElement(path, 'a list', value);
  const list: readonly JsonValue[] = value;
  return list.map((element, index) => readElement(element, `${path}[${index}]`));
}

function readString(value: JsonValue, path: string): string {
  if (typeof value !== 'string') throw wrongElement(path, 'a string', value);
  return value;
}

function readNumber(value: JsonValue, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongElement(path, 'a number', value);
  return String(value);
}

/** Base64 as AppSync reads it (RFC 2045): characters outside the alphabet, such as line breaks, are skipped. */
function readBinary(value: JsonValue, path: string): Uint8Array {
  if (typeof value !== 'string') throw wrongElement(path, 'a base64 string', value);
  return Buffer.from(value.replaceAll(/[^A-Za-z0-9+/=]/g, ''), 'base64');
}
