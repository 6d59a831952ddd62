import { slotBytes } from '../../budget.js';
import { typed } from '../../util/typed-value.js';
import type { ModuleFunction, ModuleMember } from '../module-member.js';
import { requireListAt } from '../payload.js';
import { batchDelete, batchGet, batchPut, transactGet, transactWrite } from './many-requests.js';
import { operations } from './operations.js';
import { get, put, query, remove, scan, sync, update } from './single-requests.js';

/** A DynamoDB set of a list. Unlike the function of `util.dynamodb`, it takes no null. */
function set(name: string, type: string): ModuleFunction {
  return (args, { budget }) => {
    const items = requireListAt(args[0] ?? null, `the argument of ${name}`);
    budget.spend(items.length * slotBytes);
    return typed(type, [...items]);
  };
}

/** `@aws-appsync/utils/dynamodb`: builders of the data source's request documents (AppSync reference, sections 7.6 and 8.2). */
export const dynamodbModule: Readonly<Record<string, ModuleMember>> = Object.freeze({
  get,
  put,
  update,
  remove,
  query,
  scan,
  sync,
  batchGet,
  batchPut,
  batchDelete,
  transactGet,
  transactWrite,
  operations,
  toStringSet: set('toStringSet', 'SS'),
  toNumberSet: set('toNumberSet', 'NS'),
  toBinarySet: set('toBinarySet', 'BS'),
});
