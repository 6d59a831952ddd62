import { readCondition } from '../condition.js';
import { equalItems } from '../equal-values.js';
import { combinePlaceholders } from '../expression.js';
import { writeConditionally } from '../failed-check.js';
import { readTypedValues } from '../typed-value.js';
import { untypeItem } from '../untyped-value.js';
import type { Operation } from './operation.js';

/**
 * `PutItem`: writes the item made of `attributeValues` and `key` and answers it. Where both name an attribute the key has
 * it: templates commonly pass all arguments as values and the id among them.
 */
export const putItem: Operation = Object.freeze({
  name: 'PutItem',
  elements: ['key', 'attributeValues', 'condition'],
  async run(document, { table }) {
    const key = readTypedValues(document.child('key'));
    const attributes = document.optionalChild('attributeValues');
    const item = { ...(attributes && readTypedValues(attributes)), ...key };
    const condition = readCondition(document);
    const placeholders = combinePlaceholders(condition);

    return writeConditionally(table, {
      key,
      condition,
      write: async () => {
        await table.put({ Item: item, ConditionExpression: condition?.expression, ...placeholders });
        return untypeItem(item);
      },
      isDone: (current) => current !== undefined && equalItems(current, item, condition?.equalsIgnore),
    });
  },
} satisfies Operation);
