import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

import { missingElement, unsupportedElement, wrongElement } from './mapping-template-error.js';

/**
 * What an element of a document may be, for documents that are handed on as they are: takes the value found at a path and answers it
 * without the members that are null, which are absent.
 *
 * @throws FieldError of type `MappingTemplate`, which names the path
 */
export type Shape = (value: JsonValue, path: string) => JsonValue;

/** Anything but null. */
export const json: Shape = (value) => value;

export const text: Shape = (value, path) => {
  if (typeof value !== 'string') throw wrongElement(path, 'a string', value);
  return value;
};

export const number: Shape = (value, path) => {
  if (typeof value !== 'number') throw wrongElement(path, 'a number', value);
  return value;
};

/** A text that a pattern holds for as a whole; `expected` says which those are. */
export function textLike(pattern: RegExp, expected: string): Shape {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw wrongElement(path, expected, value);
    return value;
  };
}

export function listOf(element: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongElement(path, 'a list', value);
    return value.map((item: JsonValue, index) => element(item, `${path}[${index}]`));
  };
}

/** An object of any names. */
export function mapOf(member: Shape): Shape {
  return (value, path) => {
    const entries = Object.entries(object(value, path)).filter(([, one]) => one !== null);
    return Object.fromEntries(entries.map(([name, one]) => [name, member(one, `${path}[${name}]`)]));
  };
}

type Members = Readonly<Record<string, Shape>>;

/** An object of these names and no others. */
export function record(required: Members, optional: Members = {}): Shape {
  const known: ReadonlyMap<string, Shape> = new Map(Object.entries({ ...required, ...optional }));
  return (value, path) => {
    const read: [string, JsonValue][] = [];
    for (const [name, one] of Object.entries(object(value, path))) {
      const shape = known.get(name);
      if (!shape) throw unsupportedElement(`${path}[${name}]`);
      if (one !== null) read.push([name, shape(one, `${path}[${name}]`)]);
    }
    const missing = Object.keys(required).find((name) => !read.some(([given]) => given === name));
    if (missing !== undefined) throw missingElement(`${path}[${missing}]`);
    return Object.fromEntries(read);
  };
}

/** An object that has exactly one of these names. */
export function oneOf(members: Members): Shape {
  const shape = record({}, members);
  const expected = `an object with one of ${Object.keys(members).join(', ')}`;
  return (value, path) => {
    const read = shape(value, path);
    if (Object.keys(object(read, path)).length !== 1) throw wrongElement(path, expected, value);
    return read;
  };
}

function object(value: JsonValue, path: string): Readonly<Record<string, JsonValue>> {
  if (!isJsonObject(value)) throw wrongElement(path, 'an object', value);
  return value;
}
