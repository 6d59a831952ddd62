import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  BatchWriteItemInput,
  BatchWriteItemOutput,
  TransactGetItemsInput,
  TransactGetItemsOutput,
  TransactWriteItemsInput,
} from '@aws-sdk/client-dynamodb';

import type { Requests } from './requests.js';

/**
 * Every table that the data source's credentials reach in its region, for the time of one call. Batch and transaction
 * documents name their tables themselves.
 */
export class Tables {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  batchGet(input: BatchGetItemInput): Promise<BatchGetItemOutput> {
    return this.#requests.send((client, options) => client.send(new BatchGetItemCommand(input), options));
  }

  batchWrite(input: BatchWriteItemInput): Promise<BatchWriteItemOutput> {
    return this.#requests.send((client, options) => client.send(new BatchWriteItemCommand(input), options));
  }

  transactGet(input: TransactGetItemsInput): Promise<TransactGetItemsOutput> {
    return this.#requests.send((client, options) => client.send(new TransactGetItemsCommand(input), options));
  }

  /** The client gives each call a token, so that a request whose answer was lost is not carried out twice. */
  async transactWrite(input: TransactWriteItemsInput): Promise<void> {
    await this.#requests.send((client, options) => client.send(new TransactWriteItemsCommand(input), options));
  }
}
