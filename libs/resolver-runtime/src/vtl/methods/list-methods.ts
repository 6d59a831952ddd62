import { slotBytes } from '../../budget.js';
import type { Budget } from '../../budget.js';
import { areEqual, indexOfEqual } from '../../equality.js';
import { printValue } from '../../print-value.js';
import { isList } from '../../values.js';
import type { Value } from '../../values.js';
import { createMethodTable, integerArgument } from './method.js';
import type { MethodTable } from './method.js';

/** Puts an item into the list at a position. */
function insert(list: Value[], at: number, item: Value, budget: Budget): void {
  budget.spend(slotBytes);
  budget.step(1 + ((list.length - at) >> 6));
  list.splice(at, 0, item);
}

/** Adds the items. Not spread into push: the host's stack limits the arguments of a call. */
function append(list: Value[], items: readonly Value[]): void {
  for (const item of items) {
    list.push(item);
  }
}

/** Keeps the elements that the test holds for, in place; true when the list changed. */
function retain(list: Value[], isKept: (item: Value) => boolean): boolean {
  const kept = list.filter(isKept);
  const isChanged = kept.length !== list.length;
  list.length = 0;
  append(list, kept);
  return isChanged;
}

function listArgument(args: readonly Value[], index: number): readonly Value[] {
  const value = args[index];
  return isList(value) ? value : [];
}

/** Methods of java.util.List. An index outside of the list gives null where Java throws. */
export const listMethods: MethodTable<Value[]> = createMethodTable<Value[]>({
  size: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, [index]) => (typeof index === 'number' && index >= 0 ? (list[index] ?? null) : null),
  set: (list, args) => {
    const at = integerArgument('set', args, 0, { min: 0, max: list.length - 1 });
    const previous = list[at] ?? null;
    list[at] = args[1] ?? null;
    return previous;
  },
  /** (item) gives true; (index, item) prints nothing. */
  add: (list, args, budget) => {
    if (args.length < 2) {
      insert(list, list.length, args[0] ?? null, budget);
      return true;
    }
    insert(list, integerArgument('add', args, 0, { min: 0, max: list.length }), args[1] ?? null, budget);
    return '';
  },
  addAll: (list, args, budget) => {
    const at = args.length < 2 ? list.length : integerArgument('addAll', args, 0, { min: 0, max: list.length });
    const items = listArgument(args, args.length < 2 ? 0 : 1);
    budget.spend(items.length * slotBytes);
    append(list, [...items, ...list.splice(at)]);
    return items.length > 0;
  },
  /** An index as number removes that element and gives it; anything else removes the first equal element. */
  remove: (list, args, budget) => {
    budget.step(1 + (list.length >> 6));
    if (typeof args[0] === 'number') {
      return list.splice(integerArgument('remove', args, 0, { min: 0, max: list.length - 1 }), 1)[0] ?? null;
    }
    const at = indexOfEqual(list, args[0] ?? null, budget);
    if (at >= 0) {
      list.splice(at, 1);
    }
    return at >= 0;
  },
  removeAll: (list, args, budget) => {
    const dropped = listArgument(args, 0);
    return retain(list, (item) => indexOfEqual(dropped, item, budget) < 0);
  },
  retainAll: (list, args, budget) => {
    const kept = listArgument(args, 0);
    return retain(list, (item) => indexOfEqual(kept, item, budget) >= 0);
  },
  clear: (list) => {
    list.length = 0;
    return '';
  },
  contains: (list, [item], budget) => indexOfEqual(list, item ?? null, budget) >= 0,
  containsAll: (list, args, budget) => listArgument(args, 0).every((item) => indexOfEqual(list, item, budget) >= 0),
  indexOf: (list, [item], budget) => indexOfEqual(list, item ?? null, budget),
  lastIndexOf: (list, [item], budget) => list.findLastIndex((element) => areEqual(element, item ?? null, budget)),
  subList: (list, args, budget) => {
    const from = integerArgument('subList', args, 0, { min: 0, max: list.length });
    const to = integerArgument('subList', args, 1, { min: from, max: list.length });
    budget.spend((to - from) * slotBytes);
    return list.slice(from, to);
  },
  equals: (list, [other], budget) => areEqual(list, other ?? null, budget),
  toString: (list, _args, budget) => printValue(list, budget),
});
