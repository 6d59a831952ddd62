import type { Budget } from './budget.js';
import { isList, isMap } from './values.js';
import type { Value } from './values.js';

/** Equality of Java's collections: same type, same content. No text equals a number. */
export function areEqual(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === 'string' && left.length >= 512) {
    // Long texts of equal length are compared character by character.
    budget.step(left.length >> 9);
  }
  if (left === right) {
    return true;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  budget.enter();
  const equal = areContentsEqual(left, right, budget);
  budget.leave();
  return equal;
}

function areContentsEqual(left: Value, right: Value, budget: Budget): boolean {
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => areEqual(item, right[index] ?? null, budget));
  }
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && areEqual(left[key] ?? null, right[key] ?? null, budget))
    );
  }
  return false;
}

/** The position of the first element equal to the value, or -1. */
export function indexOfEqual(list: readonly Value[], value: Value, budget: Budget): number {
  budget.step(list.length >> 3);
  return list.findIndex((item) => areEqual(item, value, budget));
}
