import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  QueryInput,
  QueryOutput,
  ScanInput,
  ScanOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb';

import { cancellationOf } from '../cancellation.js';
import type { DynamoDBClientLike } from './dynamodb-client.js';
import { toFieldError } from './dynamodb-error.js';

type WithoutTable<Input> = Omit<Input, 'TableName'>;

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** One table, for the time of one call: each request ends with the call's signal and fails as AppSync's field error. */
export class Table {
  readonly #client: DynamoDBClientLike;
  readonly #tableName: string;
  readonly #signal: AbortSignal | undefined;

  constructor(client: DynamoDBClientLike, tableName: string, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#tableName = tableName;
    this.#signal = signal;
  }

  get(input: WithoutTable<GetItemInput>): Promise<GetItemOutput> {
    return this.#request((options) => this.#client.send(new GetItemCommand(this.#named(input)), options));
  }

  async put(input: WithoutTable<PutItemInput>): Promise<void> {
    await this.#request((options) => this.#client.send(new PutItemCommand(this.#named(input)), options));
  }

  update(input: WithoutTable<UpdateItemInput>): Promise<UpdateItemOutput> {
    return this.#request((options) => this.#client.send(new UpdateItemCommand(this.#named(input)), options));
  }

  delete(input: WithoutTable<DeleteItemInput>): Promise<DeleteItemOutput> {
    return this.#request((options) => this.#client.send(new DeleteItemCommand(this.#named(input)), options));
  }

  query(input: WithoutTable<QueryInput>): Promise<QueryOutput> {
    return this.#request((options) => this.#client.send(new QueryCommand(this.#named(input)), options));
  }

  scan(input: WithoutTable<ScanInput>): Promise<ScanOutput> {
    return this.#request((options) => this.#client.send(new ScanCommand(this.#named(input)), options));
  }

  #named<Input extends object>(input: Input): Input & { TableName: string } {
    return { ...input, TableName: this.#tableName };
  }

  async #request<Output>(send: (options: SendOptions) => Promise<Output>): Promise<Output> {
    try {
      return await send({ abortSignal: this.#signal });
    } catch (error) {
      if (this.#signal?.aborted) throw cancellationOf(this.#signal);
      throw toFieldError(error) ?? error;
    }
  }
}
