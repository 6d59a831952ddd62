import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';

import type { DocumentReader } from '../../document/document-reader.js';
import { mappingTemplateError, missingElement } from '../../document/mapping-template-error.js';
import { combinePlaceholders, readExpression, readExpressionMembers } from '../expression.js';
import type { Expression } from '../expression.js';
import { readTypedValues } from '../typed-value.js';
import type { Item } from '../typed-value.js';
import { untypeItem } from '../untyped-value.js';
import type { Operation } from './operation.js';
import { readTransactItems, runTransaction } from './transaction.js';

/** One write of a transaction, as DynamoDB takes it, and the key that the result names it by. */
interface Write {
  readonly key: Item;
  readonly request: TransactWriteItem;
}

type ReadWrite = (reader: DocumentReader, key: Item) => TransactWriteItem;

/** `TransactWriteItems`: writes to several tables, all of them or none, and answers the keys in the document's order. */
export const transactWriteItems: Operation = Object.freeze({
  name: 'TransactWriteItems',
  elements: ['transactItems'],
  async run(document, { tables }) {
    const writes = readTransactItems(document).map(readWrite);
    return runTransaction('keys', async () => {
      await tables.transactWrite({ TransactItems: writes.map(({ request }) => request) });
      return writes.map(({ key }) => untypeItem(key));
    });
  },
} satisfies Operation);

const commonElements = ['table', 'operation', 'key', 'condition'];

const readers: ReadonlyMap<string, ReadWrite> = new Map<string, ReadWrite>([
  [
    'PutItem',
    (reader, key) => {
      reader.allowOnly([...commonElements, 'attributeValues']);
      const attributes = reader.optionalChild('attributeValues');
      // As in a PutItem of its own, the key has the attributes that both name.
      const item = { ...(attributes && readTypedValues(attributes)), ...key };
      return { Put: { ...readCommon(reader), Item: item } };
    },
  ],
  [
    'UpdateItem',
    (reader, key) => {
      reader.allowOnly([...commonElements, 'update']);
      const update = readExpression(reader.child('update'));
      return { Update: { ...readCommon(reader, update), Key: key, UpdateExpression: update.expression } };
    },
  ],
  [
    'DeleteItem',
    (reader, key) => {
      reader.allowOnly(commonElements);
      return { Delete: { ...readCommon(reader), Key: key } };
    },
  ],
  [
    'ConditionCheck',
    (reader, key) => {
      reader.allowOnly(commonElements);
      const { ConditionExpression: expression, ...common } = readCommon(reader);
      if (expression === undefined) throw missingElement(reader.pathOf('condition'));
      return { ConditionCheck: { ...common, Key: key, ConditionExpression: expression } };
    },
  ],
]);

function readWrite(reader: DocumentReader): Write {
  const operation = reader.string('operation');
  const read = readers.get(operation);
  if (read === undefined) {
    throw mappingTemplateError(
      `Unsupported operation '${operation}' for field '${reader.pathOf('operation')}'. ` +
        `Available are ${[...readers.keys()].join(', ')}.`,
    );
  }
  const key = readTypedValues(reader.child('key'));
  return { key, request: read(reader, key) };
}

/** The members of every write: its table, its condition and the placeholders of all its expressions. */
function readCommon(reader: DocumentReader, update?: Expression) {
  const conditionReader = reader.optionalChild('condition');
  const condition = conditionReader && readTransactCondition(conditionReader);
  return {
    TableName: reader.string('table'),
    ConditionExpression: condition?.expression,
    ReturnValuesOnConditionCheckFailure: condition?.returnsItem ? ('ALL_OLD' as const) : undefined,
    ...combinePlaceholders(update, condition),
  };
}

/** A condition in a transaction: a failed one cancels it, so there is nothing to compare and no strategy to choose. */
function readTransactCondition(reader: DocumentReader): Expression & { readonly returnsItem: boolean } {
  reader.allowOnly(['expression', 'expressionNames', 'expressionValues', 'returnValuesOnConditionCheckFailure']);
  return {
    ...readExpressionMembers(reader),
    returnsItem: reader.optionalBoolean('returnValuesOnConditionCheckFailure') ?? true,
  };
}
