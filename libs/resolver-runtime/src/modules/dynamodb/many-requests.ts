import type { Budget } from '../../budget.js';
import { createMap, readKey, writeKey } from '../../values.js';
import type { Value, ValueMap } from '../../values.js';
import type { ModuleFunction } from '../module-member.js';
import { codeError, requireListAt, requireMapAt, requirePayload } from '../payload.js';
import { createRequest, pick, toExpression, toKey, toProjection, withOptional } from './request-members.js';
import { toUpdateExpression } from './update-expression.js';

/** Gives each table of a batch what its document has. */
function mapTables(payload: ValueMap, write: (content: Value, path: string) => Value): ValueMap {
  const tables = requireMapAt(readKey(payload, 'tables'), 'tables');
  const written = createMap();
  for (const name of Object.keys(tables)) {
    writeKey(written, name, write(tables[name] ?? null, `tables.${name}`));
  }
  return written;
}

function toKeys(items: Value, path: string, budget: Budget): Value[] {
  return requireListAt(items, path).map((item) => toKey(item, path, budget));
}

/** `batchGet({tables: {name: {keys, consistentRead?, projection?}}})`: a BatchGetItem. */
export const batchGet: ModuleFunction = (args, { budget }) =>
  createRequest('BatchGetItem', {
    tables: mapTables(requirePayload(args, 'batchGet'), (content, path) => {
      const table = requireMapAt(content, path);
      const request = createMap();
      request['keys'] = toKeys(readKey(table, 'keys'), `${path}.keys`, budget);
      return withOptional(request, {
        ...pick(table, 'consistentRead'),
        projection: toProjection(readKey(table, 'projection'), budget),
      });
    }),
  });

/** `batchPut({tables: {name: items}})`: a BatchPutItem. */
export const batchPut: ModuleFunction = (args, { budget }) =>
  createRequest('BatchPutItem', {
    tables: mapTables(requirePayload(args, 'batchPut'), (items, path) => toKeys(items, path, budget)),
  });

/** `batchDelete({tables: {name: keys}})`: a BatchDeleteItem. */
export const batchDelete: ModuleFunction = (args, { budget }) =>
  createRequest('BatchDeleteItem', {
    tables: mapTables(requirePayload(args, 'batchDelete'), (keys, path) => toKeys(keys, path, budget)),
  });

/** What a transaction's item starts with: its table, its operation where it has one, its key. */
function createItem(content: ValueMap, operation: string | null, path: string, budget: Budget): ValueMap {
  const item = createMap();
  item['table'] = readKey(content, 'table');
  if (operation !== null) {
    item['operation'] = operation;
  }
  item['key'] = toKey(readKey(content, 'key'), `${path}.key`, budget);
  return item;
}

/** `transactGet({items: [{table, key, projection?}]})`: a TransactGetItems. */
export const transactGet: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'transactGet');
  const transactItems = requireListAt(readKey(payload, 'items'), 'items').map((value, index) => {
    const path = `items[${index}]`;
    const content = requireMapAt(value, path);
    return withOptional(createItem(content, null, path, budget), {
      projection: toProjection(readKey(content, 'projection'), budget),
    });
  });
  return createRequest('TransactGetItems', { transactItems });
};

/** What a transaction may do with an item, by the member that holds it. */
const writes: Readonly<Record<string, string>> = Object.freeze({
  putItem: 'PutItem',
  updateItem: 'UpdateItem',
  deleteItem: 'DeleteItem',
  conditionCheck: 'ConditionCheck',
});

/** `transactWrite({items: [{putItem | updateItem | deleteItem | conditionCheck}]})`: a TransactWriteItems. */
export const transactWrite: ModuleFunction = (args, { budget }) => {
  const payload = requirePayload(args, 'transactWrite');
  const transactItems = requireListAt(readKey(payload, 'items'), 'items').map((value, index) => {
    const item = requireMapAt(value, `items[${index}]`);
    const kind = Object.keys(writes).find((name) => readKey(item, name) !== null);
    if (kind === undefined) {
      throw codeError(`Expected items[${index}] to have putItem, updateItem, deleteItem or conditionCheck.`);
    }
    const path = `items[${index}].${kind}`;
    const content = requireMapAt(readKey(item, kind), path);
    return withOptional(createItem(content, writes[kind] ?? null, path, budget), {
      attributeValues: kind === 'putItem' ? toKey(readKey(content, 'item'), `${path}.item`, budget) : null,
      update: kind === 'updateItem' ? toUpdateExpression(readKey(content, 'update'), budget) : null,
      condition: toExpression(readKey(content, 'condition'), `${path}.condition`, budget),
    });
  });
  return createRequest('TransactWriteItems', { transactItems });
};
