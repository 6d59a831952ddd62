import type { Budget } from '../../budget.js';
import { isList } from '../../values.js';
import type { Value } from '../../values.js';
import { listMethods } from './list-methods.js';
import { mapMethods } from './map-methods.js';
import { booleanMethods, numberMethods } from './number-methods.js';
import { textMethods } from './text-methods.js';

/**
 * Calls a method from the allow-list of the target's type (AppSync reference, section 7.3). A method that is not on
 * it gives null: the reference is undefined and prints itself, as in Velocity.
 */
export function callMethod(target: Value, name: string, args: readonly Value[], budget: Budget): Value {
  switch (typeof target) {
    case 'string':
      return textMethods.get(name)?.(target, args, budget) ?? null;
    case 'number':
      return numberMethods.get(name)?.(target, args, budget) ?? null;
    case 'boolean':
      return booleanMethods.get(name)?.(target, args, budget) ?? null;
    default:
      if (target === null) {
        return null;
      }
      return isList(target)
        ? (listMethods.get(name)?.(target, args, budget) ?? null)
        : (mapMethods.get(name)?.(target, args, budget) ?? null);
  }
}
