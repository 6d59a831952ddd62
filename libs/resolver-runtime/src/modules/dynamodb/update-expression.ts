import type { Budget } from '../../budget.js';
import { formatNumber } from '../../numbers.js';
import { createMap, isList, isMap, readKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import { codeError, requireMapAt } from '../payload.js';
import { isOperation } from './operations.js';
import { Placeholders } from './placeholders.js';

/** A clause to be written once all are known: placeholders are numbered in the order in which clauses come out. */
interface Clause {
  readonly path: readonly string[];
  readonly write: (name: string, placeholders: Placeholders) => string;
}

/**
 * The `update` of an UpdateItem: `SET` clauses in the order they were written, then `REMOVE` clauses. A bare value sets its
 * attribute. A map without operation changes only what it has: its members are attributes of their own, by path; `replace`
 * is for the whole map.
 */
export function toUpdateExpression(update: Value, budget: Budget): ValueMap {
  const sets: Clause[] = [];
  const removals: Clause[] = [];
  collect(requireMapAt(update, 'update'), [], sets, removals, budget);
  const placeholders = new Placeholders(budget);
  const expression = createMap();
  expression['expression'] = [
    ...writeClauses('SET', sets, placeholders),
    ...writeClauses('REMOVE', removals, placeholders),
  ].join(' ');
  expression['expressionNames'] = placeholders.names;
  expression['expressionValues'] = placeholders.values;
  return expression;
}

function writeClauses(keyword: string, clauses: readonly Clause[], placeholders: Placeholders): string[] {
  const written = clauses.map(({ path, write }) => write(placeholders.path(path), placeholders));
  return written.length === 0 ? [] : [`${keyword} ${written.join(', ')}`];
}

function collect(
  attributes: ValueMap,
  parent: readonly string[],
  sets: Clause[],
  removals: Clause[],
  budget: Budget,
): void {
  budget.enter();
  for (const name of Object.keys(attributes)) {
    const value = attributes[name] ?? null;
    const path = [...parent, name];
    budget.step(path.length);
    if (isOperation(value)) {
      const isRemoval = readKey(value, 'type') === 'OPERATION_REMOVE';
      (isRemoval ? removals : sets).push({ path, write: toWriter(value) });
    } else if (isListOfItems(value)) {
      sets.push(...value.map((item) => ({ path, write: toWriter(item) })));
    } else if (isMap(value) && Object.keys(value).length > 0) {
      collect(value, path, sets, removals, budget);
    } else {
      sets.push({ path, write: (target, placeholders) => `${target} = ${placeholders.value(value)}` });
    }
  }
  budget.leave();
}

/** A list of `updateListItem` only: it changes items of the list and leaves the others. */
function isListOfItems(value: Value): value is ValueMap[] {
  return (
    isList(value) &&
    value.length > 0 &&
    value.every((item) => isOperation(item) && readKey(item, 'type') === 'OPERATION_UPDATE_LIST_ITEM')
  );
}

function toWriter(operation: ValueMap): Clause['write'] {
  switch (readKey(operation, 'type')) {
    case 'OPERATION_ADD':
    case 'OPERATION_REPLACE':
      return (name, placeholders) => `${name} = ${placeholders.value(readKey(operation, 'value'))}`;
    case 'OPERATION_APPEND':
      return (name, placeholders) => `${name} = list_append(${name}, ${placeholders.value(readItems(operation))})`;
    case 'OPERATION_PREPEND':
      return (name, placeholders) => `${name} = list_append(${placeholders.value(readItems(operation))}, ${name})`;
    case 'OPERATION_INCREMENT':
      return (name, placeholders) => `${name} = ${name} + ${placeholders.value(readStep(operation))}`;
    case 'OPERATION_DECREMENT':
      return (name, placeholders) => `${name} = ${name} - ${placeholders.value(readStep(operation))}`;
    case 'OPERATION_REMOVE':
      return (name) => name;
    case 'OPERATION_UPDATE_LIST_ITEM': {
      const index = formatNumber(readIndex(operation));
      return (name, placeholders) => `${name}[${index}] = ${placeholders.value(readKey(operation, 'value'))}`;
    }
    default:
      throw codeError('update has an operation that does not exist.');
  }
}

function readItems(operation: ValueMap): Value {
  const items = readKey(operation, 'items');
  if (!isList(items)) {
    throw codeError('append and prepend expect an array of items.');
  }
  return items;
}

/** By how much to count; one when nothing is given. */
function readStep(operation: ValueMap): number {
  const step = readKey(operation, 'by') ?? 1;
  if (typeof step !== 'number') {
    throw codeError('increment and decrement expect a number.');
  }
  return step;
}

/** The index is part of the expression's text, so it must be nothing but a number. */
function readIndex(operation: ValueMap): number {
  const index = readKey(operation, 'index');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) {
    throw codeError('updateListItem expects an index of 0 or more.');
  }
  return index;
}
