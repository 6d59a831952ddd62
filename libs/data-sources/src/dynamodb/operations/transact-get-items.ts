import type { TransactGetItem } from '@aws-sdk/client-dynamodb';

import type { DocumentReader } from '../../document/document-reader.js';
import { combinePlaceholders, readProjection } from '../expression.js';
import { readTypedValues } from '../typed-value.js';
import { untypeOptionalItem } from '../untyped-value.js';
import type { Operation } from './operation.js';
import { readTransactItems, runTransaction } from './transaction.js';

/** `TransactGetItems`: items of several tables as they are at one moment, in the order of the document, null for none. */
export const transactGetItems: Operation = Object.freeze({
  name: 'TransactGetItems',
  elements: ['transactItems'],
  async run(document, { tables }) {
    const gets = readTransactItems(document).map(readGet);
    return runTransaction('items', async () => {
      const { Responses: responses = [] } = await tables.transactGet({ TransactItems: gets });
      return gets.map((_, index) => untypeOptionalItem(responses[index]?.Item));
    });
  },
} satisfies Operation);

function readGet(reader: DocumentReader): TransactGetItem {
  reader.allowOnly(['table', 'key', 'projection']);
  const projectionReader = reader.optionalChild('projection');
  const projection = projectionReader && readProjection(projectionReader);
  return {
    Get: {
      TableName: reader.string('table'),
      Key: readTypedValues(reader.child('key')),
      ProjectionExpression: projection?.expression,
      ...combinePlaceholders(projection),
    },
  };
}
