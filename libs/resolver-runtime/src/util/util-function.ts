import { FieldError } from '#libs/protocol';
import type { Budget } from '../budget.js';
import type { ResolverContext } from '../resolver-context.js';
import type { Run } from '../run.js';
import { isList, isMap } from '../values.js';
import type { Value, ValueMap } from '../values.js';

/** What a util function may see beside its arguments. */
export interface UtilCall {
  readonly ctx: ResolverContext;
  readonly run: Run;
  readonly budget: Budget;
}

/** An argument as a util function receives it: undefined when the caller left it out, which means null. */
export type Argument = Value | undefined;

/** A function of `util`. */
export type UtilFunction = (call: UtilCall, ...args: Argument[]) => Value;

/** One namespace: functions by the name that templates and code call them. */
export type UtilNamespace = Readonly<Record<string, UtilFunction>>;

/** Milliseconds since the epoch, by the run's clock. */
export function readClock({ run }: UtilCall): number {
  return (run.clock ?? Date.now)();
}

/** A number in [0, 1), by the run's randomness. */
export function drawRandom({ run }: UtilCall): number {
  if (run.random !== undefined) {
    return run.random();
  }
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

export function requireText(name: string, value: Argument): string {
  if (typeof value !== 'string') {
    throw wrongArgument(name, 'a string', value);
  }
  return value;
}

export function requireNumber(name: string, value: Argument): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw wrongArgument(name, 'a number', value);
  }
  return number;
}

export function requireList(name: string, value: Argument): Value[] {
  if (!isList(value)) {
    throw wrongArgument(name, 'a list', value);
  }
  return value;
}

export function requireMap(name: string, value: Argument): ValueMap {
  if (!isMap(value)) {
    throw wrongArgument(name, 'a map', value);
  }
  return value;
}

/** AppSync's names of the types (`util.typeOf`). */
export function nameType(value: Argument): string {
  if (value === null || value === undefined) {
    return 'Null';
  }
  if (isList(value)) {
    return 'List';
  }
  const names = { string: 'String', number: 'Number', boolean: 'Boolean', object: 'Map' } as const;
  return names[typeof value as keyof typeof names];
}

function wrongArgument(name: string, expected: string, value: Argument): FieldError {
  return new FieldError(`util.${name} expects ${expected}, not ${nameType(value)}.`, 'MappingTemplate');
}
