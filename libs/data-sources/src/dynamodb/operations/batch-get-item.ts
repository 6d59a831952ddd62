import type { KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '#libs/protocol';

import { DocumentReader } from '../../document/document-reader.js';
import { missingElement, wrongElement } from '../../document/mapping-template-error.js';
import { canonicalItem } from '../equal-values.js';
import { readProjection } from '../expression.js';
import { projectKey } from '../project-key.js';
import type { KeyProjection } from '../project-key.js';
import type { Item } from '../typed-value.js';
import { untypeOptionalItem } from '../untyped-value.js';
import { assertBatchSize, readItems, readTables, runBatch, toBatchResult } from './batch-tables.js';
import type { TableElement } from './batch-tables.js';
import type { Operation } from './operation.js';

/** Keys of one BatchGetItem, all tables together; DynamoDB's limit. */
const maxKeys = 100;

/** What is read from one table. */
interface Reading {
  readonly table: string;
  readonly keys: readonly Item[];
  readonly consistentRead: boolean;
  readonly projection: KeyProjection | undefined;
}

/** `BatchGetItem`: items of several tables by their keys, in the order of the keys, null for each that is not there. */
export const batchGetItem: Operation = Object.freeze({
  name: 'BatchGetItem',
  elements: ['tables'],
  async run(document, { tables }) {
    const readings = readTables(document).map(readReading);
    const batch = new Map(readings.map(({ table, keys }) => [table, keys]));
    assertBatchSize(batch, maxKeys);

    const output = await runBatch(batch, 'unprocessedKeys', () =>
      tables.batchGet({
        RequestItems: Object.fromEntries(readings.map((reading) => [reading.table, toRequest(reading)])),
      }),
    );

    const unprocessed = new Map(
      Object.entries(output.UnprocessedKeys ?? {}).map(([table, { Keys: keys = [] }]) => [table, keys]),
    );
    const found = new Map(readings.map((reading) => [reading.table, indexByKey(reading, output.Responses ?? {})]));
    return toBatchResult(batch, 'unprocessedKeys', unprocessed, (table, key) =>
      untypeOptionalItem(found.get(table)?.get(canonicalItem(key))),
    );
  },
} satisfies Operation);

/** A table's element: the keys themselves, or an object that has them among `keys`. */
function readReading({ table, value, path }: TableElement): Reading {
  if (Array.isArray(value)) {
    return { table, keys: readItems(value, path), consistentRead: false, projection: undefined };
  }
  if (!isJsonObject(value)) throw wrongElement(path, 'an object with keys, or a list of keys', value);
  const reader = new DocumentReader(value, path);
  reader.allowOnly(['keys', 'consistentRead', 'projection']);
  const keysElement = reader.optional('keys');
  if (keysElement === undefined) throw missingElement(reader.pathOf('keys'));
  const keys = readItems(keysElement, reader.pathOf('keys'));
  const projection = reader.optionalChild('projection');
  return {
    table,
    keys,
    consistentRead: reader.optionalBoolean('consistentRead') ?? false,
    projection: projection && projectKey(readProjection(projection), Object.keys(keys[0] ?? {})),
  };
}

function toRequest({ keys, consistentRead, projection }: Reading): KeysAndAttributes {
  return {
    Keys: [...keys],
    ConsistentRead: consistentRead,
    ProjectionExpression: projection?.expression,
    ExpressionAttributeNames: projection?.names,
  };
}

/** DynamoDB answers in an order of its own: the items of a table by their keys. */
function indexByKey(
  { table, keys, projection }: Reading,
  responses: Readonly<Record<string, Item[]>>,
): Map<string, Item> {
  const names = Object.keys(keys[0] ?? {});
  return new Map(
    (responses[table] ?? []).map((item) => {
      const key = Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
      return [canonicalItem(key), projection?.cut(item) ?? item];
    }),
  );
}
