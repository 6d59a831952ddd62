import { slotBytes } from '../../budget.js';
import { isList } from '../../values.js';
import type { Value } from '../../values.js';
import { joinList, toInteger, toText } from '../convert.js';
import { areIdentical } from '../operators.js';
import type { JsValue, State } from '../state.js';
import type { Method } from './text-methods.js';

/** Length from which texts are compared one by one, each comparison counted. */
const longText = 512;

/** An index from the start, or from the end when negative, within the list. */
function toPosition(value: JsValue, fallback: number, list: readonly Value[], { budget }: State): number {
  const index = toInteger(value, fallback, budget);
  return index < 0 ? Math.max(0, list.length + index) : Math.min(index, list.length);
}

/** Counts work on every element. */
function chargeWalk(list: readonly Value[], { budget }: State): void {
  budget.step(1 + (list.length >> 3));
}

function indexOf(list: readonly Value[], [item, from]: readonly JsValue[], state: State): number {
  chargeWalk(list, state);
  const start = toPosition(from, 0, list, state);
  return typeof item === 'string' && item.length >= longText
    ? list.findIndex((element, index) => index >= start && areIdentical(element, item, state))
    : list.indexOf(item as Value, start);
}

function lastIndexOf(list: readonly Value[], [item, from]: readonly JsValue[], state: State): number {
  chargeWalk(list, state);
  const start = toInteger(from, list.length - 1, state.budget);
  const end = start < 0 ? list.length + start : start;
  return list.findLastIndex((element, index) => index <= end && areIdentical(element, item, state));
}

function append(list: Value[], items: readonly JsValue[], { budget }: State): void {
  budget.spend(items.length * slotBytes);
  // Not spread into push: the host's stack limits the arguments of a call.
  for (const item of items) {
    list.push(item as Value);
  }
}

/** Most items that are handed to the host in one call. */
const maxSpreadItems = 1000;

/** Puts items in place of others. What follows them moves. */
function splice(list: Value[], start: number, count: number, items: readonly JsValue[], state: State): Value[] {
  state.budget.spend((count + items.length) * slotBytes);
  state.budget.step(1 + ((list.length - start) >> 5));
  if (items.length <= maxSpreadItems) {
    return list.splice(start, count, ...(items as Value[]));
  }
  const rest = list.splice(start);
  append(list, items, state);
  append(list, rest.slice(count), state);
  return rest.slice(0, count);
}

function flatten(list: readonly Value[], depth: number, into: Value[], state: State): void {
  state.budget.enter();
  state.budget.spend(list.length * slotBytes);
  for (const item of list) {
    if (isList(item) && depth >= 1) {
      flatten(item, depth - 1, into, state);
    } else {
      into.push(item);
    }
  }
  state.budget.leave();
}

/** By text, as `sort` without a function does; undefined comes last. */
function sort(list: Value[], state: State): Value[] {
  const { budget } = state;
  budget.spend(list.length * 2 * slotBytes);
  const keyed = list.map((item) => ({ item, key: (item as JsValue) === undefined ? undefined : toText(item, budget) }));
  keyed.sort(({ key: left }, { key: right }) => {
    budget.step();
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined);
    }
    budget.step(Math.min(left.length, right.length) >> 9);
    return left < right ? -1 : Number(left > right);
  });
  keyed.forEach(({ item }, index) => {
    list[index] = item;
  });
  return list;
}

/** `Array.prototype.*` without a function as argument, as far as AppSync has it. */
export const listMethods: ReadonlyMap<string, Method<Value[]>> = new Map<string, Method<Value[]>>(
  Object.entries<Method<Value[]>>({
    at: (list, [index], { budget }) => list.at(toInteger(index, 0, budget)),
    concat: (list, args, state) => {
      const joined: Value[] = [];
      for (const part of [list, ...args]) {
        append(joined, isList(part) ? part : [part], state);
      }
      return joined;
    },
    fill: (list, [item, from, to], state) => {
      chargeWalk(list, state);
      return list.fill(item as Value, toPosition(from, 0, list, state), toPosition(to, list.length, list, state));
    },
    flat: (list, [depth], state) => {
      const flat: Value[] = [];
      flatten(list, toInteger(depth, 1, state.budget), flat, state);
      return flat;
    },
    indexOf,
    join: (list, [separator], { budget }) =>
      joinList(list, separator === undefined ? ',' : toText(separator, budget), budget),
    lastIndexOf,
    pop: (list) => list.pop(),
    push: (list, items, state) => {
      append(list, items, state);
      return list.length;
    },
    reverse: (list, _args, state) => {
      chargeWalk(list, state);
      return list.reverse();
    },
    shift: (list, _args, { budget }) => {
      budget.step(1 + (list.length >> 6));
      return list.shift();
    },
    slice: (list, [from, to], state) => {
      const piece = list.slice(toPosition(from, 0, list, state), toPosition(to, list.length, list, state));
      state.budget.spend(piece.length * slotBytes);
      return piece;
    },
    sort: (list, _args, state) => sort(list, state),
    splice: (list, args, state) => {
      const start = toPosition(args[0], 0, list, state);
      const most = list.length - start;
      const count = args.length === 0 ? 0 : args.length === 1 ? most : toInteger(args[1], 0, state.budget);
      return splice(list, start, Math.max(0, Math.min(count, most)), args.slice(2), state);
    },
    unshift: (list, items, state) => {
      splice(list, 0, 0, items, state);
      return list.length;
    },
  }),
);
