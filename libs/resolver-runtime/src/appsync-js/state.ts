import { FieldError } from '#libs/protocol';
import { BudgetError } from '../budget.js';
import type { Budget } from '../budget.js';
import type { UtilCall } from '../util/util-function.js';
import type { Value } from '../values.js';

/**
 * What an expression of a handler gives. Functions are no values: the checker lets them be called and passed to array
 * methods only, so nothing can hold one. Inside maps and lists undefined may occur where the type says null.
 */
export type JsValue = Value | undefined;

/**
 * The state of one run. Since functions can neither recurse nor outlive the call they are written in, each has at most one
 * activation at a time: every variable of the file has one slot, known at load, and no scope is ever made.
 */
export class State {
  readonly slots: JsValue[];
  /** What the last `return` gave. */
  returned: JsValue = undefined;

  constructor(
    readonly call: UtilCall,
    slotCount: number,
  ) {
    this.slots = new Array<JsValue>(slotCount).fill(undefined);
  }

  get budget(): Budget {
    return this.call.budget;
  }

  /** An error at the place the run is at. Its type is AppSync's for what the runtime refuses. */
  fault(message: string): FieldError {
    return new FieldError(`${this.call.budget.place}: ${message}`, 'Code');
  }

  /** The fault of a function of util, of an extension or of a module, with the place of its call. */
  locate(error: unknown): unknown {
    return error instanceof FieldError && !(error instanceof BudgetError)
      ? new FieldError(`${this.call.budget.place}: ${error.message}`, 'Code', null, null, { cause: error })
      : error;
  }
}

/** `runtime.earlyReturn`: thrown to leave all functions at once, caught where the handler was called. No error. */
export class EarlyReturn {
  constructor(
    readonly value: JsValue,
    readonly skipTo: 'END' | 'NEXT',
  ) {}
}

/** An expression, compiled. */
export type Evaluate = (state: State) => JsValue;

/** How a statement ended: `next` goes on with what follows. */
export type Signal = 'next' | 'break' | 'return';

/** A statement, compiled. */
export type Execute = (state: State) => Signal;

/** A function, compiled. Arguments that are left out are undefined. */
export type Invoke = (state: State, args: readonly JsValue[]) => JsValue;
