import { slotBytes } from '../../budget.js';
import { isList } from '../../values.js';
import type { Value } from '../../values.js';
import { toBoolean } from '../convert.js';
import type { Invoke, JsValue, State } from '../state.js';

/** A method that calls a function for each element; `rest` are the arguments after the function. */
export type CallbackMethod = (list: Value[], callback: Invoke, rest: readonly JsValue[], state: State) => JsValue;

/**
 * Calls the visitor for the elements there were at the start, while they are there, until it gives true.
 * The index it ended at; -1 when it went through.
 */
function visitUntil(list: readonly Value[], state: State, isLast: (item: JsValue, index: number) => boolean): number {
  const { length } = list;
  for (let index = 0; index < length && index < list.length; index += 1) {
    state.budget.step();
    if (isLast(list[index], index)) {
      return index;
    }
  }
  return -1;
}

function visitBackwardsUntil(
  list: readonly Value[],
  state: State,
  isLast: (item: JsValue, index: number) => boolean,
): number {
  for (let index = list.length - 1; index >= 0; index -= 1) {
    state.budget.step();
    if (isLast(list[index], index)) {
      return index;
    }
  }
  return -1;
}

/** The test that a callback is. */
function testWith(callback: Invoke, list: Value[], state: State) {
  return (item: JsValue, index: number): boolean => toBoolean(callback(state, [item, index, list]));
}

function map(list: Value[], callback: Invoke, _rest: readonly JsValue[], state: State): Value[] {
  state.budget.spend(list.length * slotBytes);
  const results: Value[] = [];
  visitUntil(list, state, (item, index) => {
    results.push(callback(state, [item, index, list]) as Value);
    return false;
  });
  return results;
}

function findWith(visit: typeof visitUntil): CallbackMethod {
  return (list, callback, _rest, state) => {
    let found: JsValue = undefined;
    const holds = testWith(callback, list, state);
    visit(list, state, (item, index) => {
      const isFound = holds(item, index);
      found = isFound ? item : undefined;
      return isFound;
    });
    return found;
  };
}

function reduceWith(visit: typeof visitUntil, name: string): CallbackMethod {
  return (list, callback, rest, state) => {
    let isStarted = rest.length > 0;
    let result = rest[0];
    visit(list, state, (item, index) => {
      result = isStarted ? callback(state, [result, item, index, list]) : item;
      isStarted = true;
      return false;
    });
    if (!isStarted) {
      throw state.fault(`${name} of an empty array needs an initial value.`);
    }
    return result;
  };
}

/** `Array.prototype.*` that take a function, as far as AppSync has it. */
export const callbackMethods: ReadonlyMap<string, CallbackMethod> = new Map<string, CallbackMethod>(
  Object.entries<CallbackMethod>({
    every: (list, callback, _rest, state) => {
      const holds = testWith(callback, list, state);
      return visitUntil(list, state, (item, index) => !holds(item, index)) === -1;
    },
    filter: (list, callback, _rest, state) => {
      const kept: Value[] = [];
      const holds = testWith(callback, list, state);
      visitUntil(list, state, (item, index) => {
        if (holds(item, index)) {
          state.budget.spend(slotBytes);
          kept.push(item as Value);
        }
        return false;
      });
      return kept;
    },
    find: findWith(visitUntil),
    findIndex: (list, callback, _rest, state) => visitUntil(list, state, testWith(callback, list, state)),
    findLast: findWith(visitBackwardsUntil),
    findLastIndex: (list, callback, _rest, state) => visitBackwardsUntil(list, state, testWith(callback, list, state)),
    flatMap: (list, callback, rest, state) => {
      const flat: Value[] = [];
      for (const item of map(list, callback, rest, state)) {
        const items = isList(item) ? item : [item];
        state.budget.spend(items.length * slotBytes);
        for (const one of items) {
          flat.push(one);
        }
      }
      return flat;
    },
    forEach: (list, callback, _rest, state) => {
      visitUntil(list, state, (item, index) => {
        callback(state, [item, index, list]);
        return false;
      });
      return undefined;
    },
    map,
    reduce: reduceWith(visitUntil, 'reduce'),
    reduceRight: reduceWith(visitBackwardsUntil, 'reduceRight'),
    some: (list, callback, _rest, state) => visitUntil(list, state, testWith(callback, list, state)) !== -1,
  }),
);
