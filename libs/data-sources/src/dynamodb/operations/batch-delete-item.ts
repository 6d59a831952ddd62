import { readBatch, runBatch, toBatchResult } from './batch-tables.js';
import { maxBatchWrites, toUnprocessed, toWrites } from './batch-writes.js';
import type { Operation } from './operation.js';

/**
 * `BatchDeleteItem`: removes items of several tables by their keys, each on its own, and answers the keys, also of items
 * that were not there.
 */
export const batchDeleteItem: Operation = Object.freeze({
  name: 'BatchDeleteItem',
  elements: ['tables'],
  async run(document, { tables }) {
    const batch = readBatch(document, maxBatchWrites);
    const writes = toWrites(batch, (key) => ({ DeleteRequest: { Key: key } }));
    const output = await runBatch(batch, 'unprocessedKeys', () => tables.batchWrite({ RequestItems: writes }));
    return toBatchResult(
      batch,
      'unprocessedKeys',
      toUnprocessed(output, (write) => write.DeleteRequest?.Key),
    );
  },
} satisfies Operation);
