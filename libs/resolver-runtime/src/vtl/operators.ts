import { areEqual } from '../equality.js';
import { printValue } from '../print-value.js';
import type { Value } from '../values.js';
import type { Frame } from './frame.js';
import type { BinaryOperator } from './tree.js';

/** Velocity's truth: null and false are false, all else is true, 0 and "" included. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/** Velocity's `==`: numbers by value, equal types by content, different types by their text, null to null only. */
function areLooselyEqual(left: Value, right: Value, { budget }: Frame): boolean {
  if (left === null || right === null) {
    return left === right;
  }
  return typeof left === typeof right && Array.isArray(left) === Array.isArray(right)
    ? areEqual(left, right, budget)
    : printValue(left, budget) === printValue(right, budget);
}

/** Arithmetic on two numbers; null with anything else, as with a result that is no number (division by zero). */
function calculate(left: Value, right: Value, operation: (left: number, right: number) => number): Value {
  if (typeof left !== 'number' || typeof right !== 'number') {
    return null;
  }
  const result = operation(left, right);
  return Number.isFinite(result) ? result : null;
}

/** Two integers divide to an integer, as in Java. */
function divide(left: number, right: number): number {
  const quotient = left / right;
  return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(quotient) : quotient;
}

/** Order exists between numbers only. */
function compare(left: Value, right: Value, test: (left: number, right: number) => boolean): boolean {
  return typeof left === 'number' && typeof right === 'number' && test(left, right);
}

/** A sum, or a concatenation as soon as one side is a string. */
function add(left: Value, right: Value, frame: Frame): Value {
  if (typeof left !== 'string' && typeof right !== 'string') {
    return calculate(left, right, (a, b) => a + b);
  }
  const text = printValue(left, frame.budget) + printValue(right, frame.budget);
  frame.budget.spend(text.length);
  return text;
}

export type ApplyOperator = (left: Value, right: Value, frame: Frame) => Value;

/** Every binary operator; the type makes a missing one a compile error. */
export const binaryOperators: Readonly<Record<BinaryOperator, ApplyOperator>> = Object.freeze({
  '==': areLooselyEqual,
  '!=': (left, right, frame) => !areLooselyEqual(left, right, frame),
  '<': (left, right) => compare(left, right, (a, b) => a < b),
  '<=': (left, right) => compare(left, right, (a, b) => a <= b),
  '>': (left, right) => compare(left, right, (a, b) => a > b),
  '>=': (left, right) => compare(left, right, (a, b) => a >= b),
  '+': add,
  '-': (left, right) => calculate(left, right, (a, b) => a - b),
  '*': (left, right) => calculate(left, right, (a, b) => a * b),
  '/': (left, right) => calculate(left, right, divide),
  '%': (left, right) => calculate(left, right, (a, b) => a % b),
});
