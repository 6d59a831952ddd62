import { createMap, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import type { ModuleFunction, ModuleNamespace } from '../module-member.js';

/** What an `update` may do with one attribute, by the mark that AWS puts into the value. */
export type OperationType =
  | 'OPERATION_ADD'
  | 'OPERATION_APPEND'
  | 'OPERATION_DECREMENT'
  | 'OPERATION_INCREMENT'
  | 'OPERATION_PREPEND'
  | 'OPERATION_REMOVE'
  | 'OPERATION_REPLACE'
  | 'OPERATION_UPDATE_LIST_ITEM';

/** Makes the mark of an operation: its arguments under the given names; those that were left out are left out. */
function operation(type: OperationType, ...names: readonly string[]): ModuleFunction {
  return (args) => {
    const mark = createMap();
    mark['type'] = type;
    names.forEach((name, index) => {
      const value = args[index];
      if (value !== undefined) {
        mark[name] = value;
      }
    });
    return mark;
  };
}

/** `operations.*` of `@aws-appsync/utils/dynamodb`: marks that `update` turns into clauses. */
export const operations: ModuleNamespace = Object.freeze({
  add: operation('OPERATION_ADD', 'value'),
  append: operation('OPERATION_APPEND', 'items'),
  decrement: operation('OPERATION_DECREMENT', 'by'),
  increment: operation('OPERATION_INCREMENT', 'by'),
  prepend: operation('OPERATION_PREPEND', 'items'),
  remove: operation('OPERATION_REMOVE'),
  replace: operation('OPERATION_REPLACE', 'value'),
  updateListItem: operation('OPERATION_UPDATE_LIST_ITEM', 'value', 'index'),
});

/** True for a mark that {@link operations} makes. */
export function isOperation(value: Value | undefined): value is ValueMap {
  const type = isMap(value) ? readKey(value, 'type') : null;
  return typeof type === 'string' && type.startsWith('OPERATION_');
}
