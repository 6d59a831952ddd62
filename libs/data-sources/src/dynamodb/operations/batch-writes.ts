import type { BatchWriteItemOutput, WriteRequest } from '@aws-sdk/client-dynamodb';

import type { Item } from '../typed-value.js';
import type { Batch } from './batch-tables.js';

/** Items of one BatchPutItem or BatchDeleteItem, all tables together; DynamoDB's limit. */
export const maxBatchWrites = 25;

/** A batch as DynamoDB's BatchWriteItem takes it. */
export function toWrites(batch: Batch, toWrite: (item: Item) => WriteRequest): Record<string, WriteRequest[]> {
  return Object.fromEntries([...batch].map(([table, items]) => [table, items.map(toWrite)]));
}

/** What a BatchWriteItem left undone, by table. */
export function toUnprocessed(output: BatchWriteItemOutput, itemOf: (write: WriteRequest) => Item | undefined): Batch {
  return new Map(
    Object.entries(output.UnprocessedItems ?? {}).map(([table, writes]) => [
      table,
      writes.map(itemOf).filter((item) => item !== undefined),
    ]),
  );
}
