import { FieldError } from '#libs/protocol';
import { isList, isMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/** An input that a helper module refuses; AppSync calls the type of such errors `Code`. */
export function codeError(message: string): FieldError {
  return new FieldError(message, 'Code');
}

/** The one map that a request builder takes. */
export function requirePayload(args: readonly Value[], name: string): ValueMap {
  const [payload] = args;
  if (payload === undefined) {
    throw codeError(`An argument is expected to be passed to ${name}`);
  }
  if (!isMap(payload)) {
    throw codeError('Expected payload to be an Object.');
  }
  return payload;
}

/** A map under a name, or a FieldError that gives the path. */
export function requireMapAt(value: Value, path: string): ValueMap {
  if (!isMap(value)) {
    throw codeError(`Expected ${path} to be an Object.`);
  }
  return value;
}

/** A list under a name, or a FieldError that gives the path. */
export function requireListAt(value: Value, path: string): Value[] {
  if (!isList(value)) {
    throw codeError(`Expected ${path} to be an array.`);
  }
  return value;
}
