import { FieldError } from '#libs/protocol';
import type { Budget } from '../../budget.js';
import { printValue } from '../../print-value.js';
import type { Value } from '../../values.js';

/** A method that templates may call on a value of one type. An argument that is left out is undefined. */
export type Method<Target extends Value> = (target: Target, args: readonly Value[], budget: Budget) => Value;

/** The methods of one type by name. A Map, so that no inherited name of the host is one. */
export type MethodTable<Target extends Value> = ReadonlyMap<string, Method<Target>>;

/** The methods as written down. `toString` is named, or its parameters would take the type of the host's own. */
interface MethodRecord<Target extends Value> {
  readonly [name: string]: Method<Target>;
  readonly toString: Method<Target>;
}

export function createMethodTable<Target extends Value>(methods: MethodRecord<Target>): MethodTable<Target> {
  return new Map(Object.entries(methods));
}

/** The argument as text; anything but a string is printed, as Velocity converts it. */
export function textArgument(args: readonly Value[], index: number, budget: Budget): string {
  return printValue(args[index] ?? null, budget);
}

/** An argument that is a whole number within bounds, or a FieldError in the name of the method. */
export function integerArgument(
  method: string,
  args: readonly Value[],
  index: number,
  bounds: { min: number; max: number },
): number {
  const value = args[index];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    throw new FieldError(
      `${method}() expects an integer from ${bounds.min} to ${bounds.max} as argument ${index + 1}.`,
      'MappingTemplate',
    );
  }
  return value;
}
