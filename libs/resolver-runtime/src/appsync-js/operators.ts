import type { AssignmentOperator, BinaryOperator } from 'acorn';
import { toNumber, toText } from './convert.js';
import type { JsValue, State } from './state.js';

/** The binary operators of handlers. */
export type HandlerOperator = Exclude<BinaryOperator, 'in' | 'instanceof'>;

export type ApplyOperator = (left: JsValue, right: JsValue, state: State) => JsValue;

/** JavaScript's `ToPrimitive`. */
function toPrimitive(value: JsValue, { budget }: State): Exclude<JsValue, object> | null {
  return typeof value === 'object' && value !== null ? toText(value, budget) : value;
}

/** Counts the comparison of long texts: those of equal length are compared character by character. */
function chargeTexts(left: JsValue, right: JsValue, state: State): void {
  if (typeof left === 'string' && left.length >= 512 && typeof right === 'string') {
    state.budget.step(left.length >> 9);
  }
}

export function areIdentical(left: JsValue, right: JsValue, state: State): boolean {
  chargeTexts(left, right, state);
  return left === right;
}

function areLooselyEqual(left: JsValue, right: JsValue, state: State): boolean {
  const isBothOrNone = (typeof left === 'object' && left !== null) === (typeof right === 'object' && right !== null);
  if (isBothOrNone || left === null || left === undefined || right === null || right === undefined) {
    chargeTexts(left, right, state);
    // Of two primitives, or of two objects by identity: nothing of the host is called.
    return left == right;
  }
  return areLooselyEqual(toPrimitive(left, state), toPrimitive(right, state), state);
}

function add(left: JsValue, right: JsValue, state: State): JsValue {
  if (typeof left === 'number' && typeof right === 'number') {
    return left + right;
  }
  const first = toPrimitive(left, state);
  const second = toPrimitive(right, state);
  if (typeof first !== 'string' && typeof second !== 'string') {
    return Number(first) + Number(second);
  }
  const text = toText(first, state.budget) + toText(second, state.budget);
  state.budget.spend(text.length);
  return text;
}

function calculate(operation: (left: number, right: number) => number): ApplyOperator {
  return (left, right, { budget }) => operation(toNumber(left, budget), toNumber(right, budget));
}

/** Order: of two texts by their characters, otherwise of numbers. */
function compare(
  ofTexts: (left: string, right: string) => boolean,
  ofNumbers: (left: number, right: number) => boolean,
): ApplyOperator {
  return (left, right, state) => {
    const first = toPrimitive(left, state);
    const second = toPrimitive(right, state);
    if (typeof first === 'string' && typeof second === 'string') {
      chargeTexts(first, second, state);
      return ofTexts(first, second);
    }
    return ofNumbers(toNumber(first, state.budget), toNumber(second, state.budget));
  };
}

/** Every binary operator, with JavaScript's meaning; the type makes a missing one a compile error. */
export const binaryOperators: Readonly<Record<HandlerOperator, ApplyOperator>> = Object.freeze<
  Record<HandlerOperator, ApplyOperator>
>({
  '===': areIdentical,
  '!==': (left, right, state) => !areIdentical(left, right, state),
  '==': areLooselyEqual,
  '!=': (left, right, state) => !areLooselyEqual(left, right, state),
  '<': compare(
    (a, b) => a < b,
    (a, b) => a < b,
  ),
  '<=': compare(
    (a, b) => a <= b,
    (a, b) => a <= b,
  ),
  '>': compare(
    (a, b) => a > b,
    (a, b) => a > b,
  ),
  '>=': compare(
    (a, b) => a >= b,
    (a, b) => a >= b,
  ),
  '+': add,
  '-': calculate((a, b) => a - b),
  '*': calculate((a, b) => a * b),
  '/': calculate((a, b) => a / b),
  '%': calculate((a, b) => a % b),
  '**': calculate((a, b) => a ** b),
  '&': calculate((a, b) => a & b),
  '|': calculate((a, b) => a | b),
  '^': calculate((a, b) => a ^ b),
  '<<': calculate((a, b) => a << b),
  '>>': calculate((a, b) => a >> b),
  '>>>': calculate((a, b) => a >>> b),
});

/** `+=` and its kind, without the logical ones. */
export function findAssignmentOperator(operator: AssignmentOperator): ApplyOperator | undefined {
  const name = operator.slice(0, -1);
  return Object.hasOwn(binaryOperators, name) ? binaryOperators[name as HandlerOperator] : undefined;
}
