import { combinePlaceholders, readProjection } from '../expression.js';
import { readTypedValues } from '../typed-value.js';
import { untypeOptionalItem } from '../untyped-value.js';
import type { Operation } from './operation.js';

/** `GetItem`: the item with this key, null if there is none. */
export const getItem: Operation = Object.freeze({
  name: 'GetItem',
  elements: ['key', 'consistentRead', 'projection'],
  async run(document, { table }) {
    const projectionReader = document.optionalChild('projection');
    const projection = projectionReader && readProjection(projectionReader);
    const { Item: item } = await table.get({
      Key: readTypedValues(document.child('key')),
      ConsistentRead: document.optionalBoolean('consistentRead') ?? false,
      ProjectionExpression: projection?.expression,
      ...combinePlaceholders(projection),
    });
    return untypeOptionalItem(item);
  },
} satisfies Operation);
