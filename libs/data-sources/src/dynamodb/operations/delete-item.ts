import { readCondition } from '../condition.js';
import { combinePlaceholders } from '../expression.js';
import { writeConditionally } from '../failed-check.js';
import { readTypedValues } from '../typed-value.js';
import { untypeOptionalItem } from '../untyped-value.js';
import type { Operation } from './operation.js';

/** `DeleteItem`: removes the item with this key and answers it as it was, null if there was none. */
export const deleteItem: Operation = Object.freeze({
  name: 'DeleteItem',
  elements: ['key', 'condition'],
  async run(document, { table }) {
    const key = readTypedValues(document.child('key'));
    const condition = readCondition(document);
    const placeholders = combinePlaceholders(condition);

    return writeConditionally(table, {
      key,
      condition,
      write: async () => {
        const { Attributes: item } = await table.delete({
          Key: key,
          ConditionExpression: condition?.expression,
          ReturnValues: 'ALL_OLD',
          ...placeholders,
        });
        return untypeOptionalItem(item);
      },
      isDone: (current) => current === undefined,
    });
  },
} satisfies Operation);
