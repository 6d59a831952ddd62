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

import type { Requests } from './requests.js';

type WithoutTable<Input> = Omit<Input, 'TableName'>;

/** The data source's own table, for the time of one call. */
export class Table {
  readonly #requests: Requests;
  readonly #tableName: string;

  constructor(requests: Requests, tableName: string) {
    this.#requests = requests;
    this.#tableName = tableName;
  }

  get(input: WithoutTable<GetItemInput>): Promise<GetItemOutput> {
    return this.#requests.send((client, options) => client.send(new GetItemCommand(this.#named(input)), options));
  }

  async put(input: WithoutTable<PutItemInput>): Promise<void> {
    await this.#requests.send((client, options) => client.send(new PutItemCommand(this.#named(input)), options));
  }

  update(input: WithoutTable<UpdateItemInput>): Promise<UpdateItemOutput> {
    return this.#requests.send((client, options) => client.send(new UpdateItemCommand(this.#named(input)), options));
  }

  delete(input: WithoutTable<DeleteItemInput>): Promise<DeleteItemOutput> {
    return this.#requests.send((client, options) => client.send(new DeleteItemCommand(this.#named(input)), options));
  }

  query(input: WithoutTable<QueryInput>): Promise<QueryOutput> {
    return this.#requests.send((client, options) => client.send(new QueryCommand(this.#named(input)), options));
  }

  scan(input: WithoutTable<ScanInput>): Promise<ScanOutput> {
    return this.#requests.send((client, options) => client.send(new ScanCommand(this.#named(input)), options));
  }

  #named<Input extends object>(input: Input): Input & { TableName: string } {
    return { ...input, TableName: this.#tableName };
  }
}
