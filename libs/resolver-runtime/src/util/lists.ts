import { FieldError } from '#libs/protocol';
import { slotBytes } from '../budget.js';
import { indexOfEqual } from '../equality.js';
import { isMap, readKey } from '../values.js';
import type { Value } from '../values.js';
import { nameType, requireList } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

/** Longest list that `sortList` takes, as in AppSync. */
const maxSortedElements = 1000;

function compareScalars(left: Value, right: Value): number {
  if (typeof left === 'string' && typeof right === 'string') {
    return left < right ? -1 : Number(left > right);
  }
  return Number(left) - Number(right);
}

/** `util.list.*`: shallow copies, never the list itself. */
export const listFunctions: UtilNamespace = Object.freeze({
  copyAndRetainAll: ({ budget }, list, kept) => {
    const wanted = requireList('list.copyAndRetainAll', kept);
    const items = requireList('list.copyAndRetainAll', list);
    budget.spend(items.length * slotBytes);
    return items.filter((item) => indexOfEqual(wanted, item, budget) >= 0);
  },
  copyAndRemoveAll: ({ budget }, list, dropped) => {
    const unwanted = requireList('list.copyAndRemoveAll', dropped);
    const items = requireList('list.copyAndRemoveAll', list);
    budget.spend(items.length * slotBytes);
    return items.filter((item) => indexOfEqual(unwanted, item, budget) < 0);
  },
  /** (list, descending, property): property is not used for scalars. Elements of different types leave the order as it is. */
  sortList: ({ budget }, list, isDescending, property) => {
    const items = requireList('list.sortList', list);
    if (items.length > maxSortedElements) {
      throw new FieldError(`util.list.sortList takes at most ${maxSortedElements} elements.`, 'MappingTemplate');
    }
    budget.spend(items.length * slotBytes);
    budget.step(items.length * 10);
    const sortKey = (item: Value): Value =>
      isMap(item) && typeof property === 'string' ? readKey(item, property) : item;
    const types = new Set(items.map((item) => nameType(sortKey(item))));
    const isSortable = types.size === 1 && (types.has('String') || types.has('Number') || types.has('Boolean'));
    if (!isSortable) {
      return [...items];
    }
    const direction = isDescending === true ? -1 : 1;
    return items.toSorted((left, right) => direction * compareScalars(sortKey(left), sortKey(right)));
  },
});
