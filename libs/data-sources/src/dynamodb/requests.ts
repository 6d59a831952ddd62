import { cancellationOf } from '../cancellation.js';
import type { DynamoDBClientLike } from './dynamodb-client.js';
import { toFieldError } from './dynamodb-error.js';

/** What every command is sent with. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** The requests of one call: each ends with the call's signal and fails as AppSync's field error. */
export class Requests {
  readonly #client: DynamoDBClientLike;
  readonly #signal: AbortSignal | undefined;

  constructor(client: DynamoDBClientLike, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#signal = signal;
  }

  async send<Output>(command: (client: DynamoDBClientLike, options: SendOptions) => Promise<Output>): Promise<Output> {
    try {
      return await command(this.#client, { abortSignal: this.#signal });
    } catch (error) {
      if (this.#signal?.aborted) throw cancellationOf(this.#signal);
      throw toFieldError(error) ?? error;
    }
  }
}
