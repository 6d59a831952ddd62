import { FieldError, isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';

import { DocumentReader } from '../../document/document-reader.js';
import { mappingTemplateError, wrongElement } from '../../document/mapping-template-error.js';
import { canonicalItem } from '../equal-values.js';
import { readTypedValues } from '../typed-value.js';
import type { Item } from '../typed-value.js';
import { untypeItem } from '../untyped-value.js';

/** The items or keys of a batch, by table, in the order of the document. */
export type Batch = ReadonlyMap<string, readonly Item[]>;

/** What stands under one table name in `tables`. */
export interface TableElement {
  readonly table: string;
  readonly value: JsonValue;
  readonly path: string;
}

/** The `tables` of a batch document. */
export function readTables(document: DocumentReader): readonly TableElement[] {
  const tables = document.child('tables');
  return Object.entries(tables.object).map(([table, value]) => ({ table, value, path: tables.pathOf(table) }));
}

/** A list of items or keys. */
export function readItems(value: JsonValue, path: string): readonly Item[] {
  if (!Array.isArray(value)) throw wrongElement(path, 'a list', value);
  const list: readonly JsonValue[] = value;
  return list.map((item, index) => {
    const at = `${path}[${index}]`;
    if (!isJsonObject(item)) throw wrongElement(at, 'an object', item);
    return readTypedValues(new DocumentReader(item, at));
  });
}

/** Refuses a batch that is empty or larger than DynamoDB takes, all tables together. */
export function assertBatchSize(batch: Batch, maximum: number): void {
  const size = [...batch.values()].reduce((sum, items) => sum + items.length, 0);
  if (size === 0 || size > maximum) {
    throw mappingTemplateError(`A batch has 1 to ${maximum} items, all tables together, but this one has ${size}.`);
  }
}

/** Reads a batch of whole items, or of keys, as `tables: {name: [ … ]}`. */
export function readBatch(document: DocumentReader, maximum: number): Batch {
  const batch = new Map(readTables(document).map(({ table, value, path }) => [table, readItems(value, path)] as const));
  assertBatchSize(batch, maximum);
  return batch;
}

/**
 * The result of a batch: `data` in the order of the document with null for what is missing or undone, and what is undone
 * once more on its own. Every table of the document is in both (AppSync reference, section 8.2).
 */
export function toBatchResult(
  batch: Batch,
  unprocessedName: string,
  unprocessed: Batch,
  resultOf: (table: string, item: Item) => JsonValue = (_, item) => untypeItem(item),
): JsonObject {
  const data: [string, JsonValue][] = [];
  const undone: [string, JsonValue][] = [];
  for (const [table, items] of batch) {
    const left = new Set((unprocessed.get(table) ?? []).map((item) => canonicalItem(item)));
    const isUndone = (item: Item) => left.has(canonicalItem(item));
    data.push([table, items.map((item) => (isUndone(item) ? null : resultOf(table, item)))]);
    undone.push([table, items.filter(isUndone).map(untypeItem)]);
  }
  return { data: Object.fromEntries(data), [unprocessedName]: Object.fromEntries(undone) };
}

/** Runs a batch. If DynamoDB refuses it, nothing of it is done: that is the result that comes with the error. */
export async function runBatch<Output>(
  batch: Batch,
  unprocessedName: string,
  run: () => Promise<Output>,
): Promise<Output> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FieldError) || error.errorType?.startsWith('DynamoDB:') !== true) throw error;
    const result = toBatchResult(batch, unprocessedName, batch);
    throw new FieldError(error.message, error.errorType, result, error.errorInfo, { cause: error.cause });
  }
}
