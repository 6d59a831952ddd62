import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';

import type { DatabaseSession } from '../relational-data-source.js';
import type { Variables } from '../relational-request.js';
import type { StatementResult } from '../statement-result.js';
import { toDataApiError } from './data-api-error.js';
import { toSqlParameters, toStatementResult } from './data-api-values.js';
import type { RdsDataClientLike } from './rds-data-client.js';

/** The cluster, and who asks it, in each request. */
export interface DataApiTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database?: string;
  readonly schema?: string;
}

/** Time for a rollback, in milliseconds: nobody waits for it, and the Data API ends what is left of a transaction by itself. */
const rollbackTimeoutMs = 5000;

/** One request's use of the Data API, which has no connections: only transactions. */
export class DataApiSession implements DatabaseSession {
  readonly #client: RdsDataClientLike;
  readonly #target: DataApiTarget;
  readonly #controller = new AbortController();
  #transactionId: string | undefined;

  constructor(client: RdsDataClientLike, target: DataApiTarget) {
    this.#client = client;
    this.#target = target;
  }

  async begin(): Promise<void> {
    const command = new BeginTransactionCommand(this.#target);
    const { transactionId } = await this.#request((options) => this.#client.send(command, options));
    this.#transactionId = transactionId;
  }

  async commit(): Promise<void> {
    const command = new CommitTransactionCommand({ ...this.#credentials, transactionId: this.#transactionId });
    await this.#request((options) => this.#client.send(command, options));
  }

  async rollback(): Promise<void> {
    if (this.#transactionId === undefined) return;
    const command = new RollbackTransactionCommand({ ...this.#credentials, transactionId: this.#transactionId });
    // Also after the call has ended: else the rows stay locked until the Data API's own time limit.
    const options = { abortSignal: AbortSignal.timeout(rollbackTimeoutMs) };
    await this.#client.send(command, options);
  }

  /** The Data API has a limit of its own for results, the same 1 MiB. */
  async run(sql: string, variables: Variables): Promise<StatementResult> {
    const command = new ExecuteStatementCommand({
      ...this.#target,
      sql,
      parameters: toSqlParameters(sql, variables),
      includeResultMetadata: true,
      transactionId: this.#transactionId,
    });
    return toStatementResult(await this.#request((options) => this.#client.send(command, options)));
  }

  release(): void {}

  destroy(): void {
    this.#controller.abort();
  }

  get #credentials() {
    const { resourceArn, secretArn } = this.#target;
    return { resourceArn, secretArn };
  }

  async #request<Output>(send: (options: { abortSignal: AbortSignal }) => Promise<Output>): Promise<Output> {
    try {
      return await send({ abortSignal: this.#controller.signal });
    } catch (error) {
      throw toDataApiError(error) ?? error;
    }
  }
}
