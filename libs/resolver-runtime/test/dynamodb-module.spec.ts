import { describe, expect, it } from 'vitest';
import { dynamodbModule } from '../src/modules/dynamodb/index.js';
import cases from './dynamodb-module-cases.json' with { type: 'json' };
import { callModule } from './module-fixtures.js';

interface ModuleCase {
  readonly story: string;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly value: unknown;
}

describe('@aws-appsync/utils/dynamodb', () => {
  it.each(cases.recorded.cases as readonly ModuleCase[])('should give what AWS gives for $story', (moduleCase) => {
    expect(callModule(dynamodbModule, moduleCase.call, moduleCase.args)).toEqual(moduleCase.value);
  });

  it.each(cases.described.cases as readonly ModuleCase[])('should build $story', (moduleCase) => {
    expect(callModule(dynamodbModule, moduleCase.call, moduleCase.args)).toEqual(moduleCase.value);
  });

  const key = { id: '1' };

  it.each<[string, readonly unknown[], string]>([
    ['get', [], 'An argument is expected to be passed to get'],
    ['get', ['1'], 'Expected payload to be an Object.'],
    ['get', [{}], 'Expected key to be an Object.'],
    ['get', [{ key, projection: [1] }], 'Expected projection to be an array of attribute names.'],
    ['put', [{ key }], 'Expected item to be an Object.'],
    ['put', [{ key, item: {}, condition: { a: 1 } }], 'Expected condition to be an object of conditions'],
    ['update', [{ key }], 'Expected update to be an Object.'],
    ['update', [{ key, update: { a: { type: 'OPERATION_X' } } }], 'an operation that does not exist'],
    ['update', [{ key, update: { a: { type: 'OPERATION_APPEND', items: 1 } } }], 'expect an array of items'],
    ['update', [{ key, update: { a: { type: 'OPERATION_INCREMENT', by: '1' } } }], 'expect a number'],
    [
      'update',
      [{ key, update: { a: [{ type: 'OPERATION_UPDATE_LIST_ITEM', value: 1, index: '0] = :x, b[0' }] } }],
      'updateListItem expects an index of 0 or more.',
    ],
    ['query', [{}], 'Expected query to be an Object.'],
    ['query', [{ query: { id: { foo: 1 } } }], 'Expected query to be an object of conditions'],
    ['scan', [{ filter: 'a' }], 'Expected filter to be an object of conditions'],
    ['batchGet', [{}], 'Expected tables to be an Object.'],
    ['batchGet', [{ tables: { post: {} } }], 'Expected tables.post.keys to be an array.'],
    ['batchPut', [{ tables: { post: [1] } }], 'Expected tables.post to be an Object.'],
    ['batchDelete', [{ tables: { constructor: [] } }], "The key 'constructor' is reserved"],
    ['transactGet', [{}], 'Expected items to be an array.'],
    ['transactGet', [{ items: [{ table: 'a' }] }], 'Expected items[0].key to be an Object.'],
    [
      'transactWrite',
      [{ items: [{}] }],
      'Expected items[0] to have putItem, updateItem, deleteItem or conditionCheck.',
    ],
    [
      'transactWrite',
      [{ items: [{ deleteItem: { table: 'a', key, condition: { a: 1 } } }] }],
      'Expected items[0].deleteItem.condition to be an object of conditions',
    ],
    ['toStringSet', [null], 'Expected the argument of toStringSet to be an array.'],
  ])('should refuse %s of %j', (name, args, message) => {
    expect(() => callModule(dynamodbModule, name, args)).toThrow(message);
  });

  it('should end by a limit for an update of very many attributes', () => {
    const values = Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`a${index}`, index]));
    expect(() => callModule(dynamodbModule, 'update', [{ key, update: values }])).toThrow('the limit of');
  });
});
