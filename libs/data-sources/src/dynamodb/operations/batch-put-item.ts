import { readBatch, runBatch, toBatchResult } from './batch-tables.js';
import { maxBatchWrites, toUnprocessed, toWrites } from './batch-writes.js';
import type { Operation } from './operation.js';

/** `BatchPutItem`: writes items to several tables, each on its own, and answers them. There are no conditions. */
export const batchPutItem: Operation = Object.freeze({
  name: 'BatchPutItem',
  elements: ['tables'],
  async run(document, { tables }) {
    const batch = readBatch(document, maxBatchWrites);
    const writes = toWrites(batch, (item) => ({ PutRequest: { Item: item } }));
    const output = await runBatch(batch, 'unprocessedItems', () => tables.batchWrite({ RequestItems: writes }));
    return toBatchResult(
      batch,
      'unprocessedItems',
      toUnprocessed(output, (write) => write.PutRequest?.Item),
    );
  },
} satisfies Operation);
