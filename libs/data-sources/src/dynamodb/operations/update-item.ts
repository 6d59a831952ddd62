import { readCondition } from '../condition.js';
import { combinePlaceholders, readExpression } from '../expression.js';
import { writeConditionally } from '../failed-check.js';
import { readTypedValues } from '../typed-value.js';
import { untypeOptionalItem } from '../untyped-value.js';
import type { Operation } from './operation.js';

/** `UpdateItem`: changes the item with this key, or creates it, and answers all of it as it is afterwards. */
export const updateItem: Operation = Object.freeze({
  name: 'UpdateItem',
  elements: ['key', 'update', 'condition'],
  async run(document, { table }) {
    const key = readTypedValues(document.child('key'));
    const update = readExpression(document.child('update'));
    const condition = readCondition(document);
    const placeholders = combinePlaceholders(update, condition);

    return writeConditionally(table, {
      key,
      condition,
      write: async () => {
        const { Attributes: item } = await table.update({
          Key: key,
          UpdateExpression: update.expression,
          ConditionExpression: condition?.expression,
          ReturnValues: 'ALL_NEW',
          ...placeholders,
        });
        return untypeOptionalItem(item);
      },
      // What an update would have made of the item is not known, so a failed check stays one.
      isDone: () => false,
    });
  },
} satisfies Operation);
