import pg from 'pg';

import { altersSession } from '../alters-session.js';
import type { DatabaseSession } from '../relational-data-source.js';
import type { Variables } from '../relational-request.js';
import type { Field, ResultMeter, StatementResult } from '../statement-result.js';
import { bindPostgres } from './bind-postgres.js';
import { toPostgresFieldError } from './postgres-error.js';
import { describePostgresColumn } from './postgres-types.js';
import { toPostgresField } from './postgres-values.js';

/** Values arrive as PostgreSQL writes them: what becomes of them is for this library to say, not for the driver. */
const rawText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** A pooled connection to PostgreSQL while one request has it. */
export class PostgresSession implements DatabaseSession {
  readonly #client: pg.PoolClient;
  #isReleased = false;
  #isAltered = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    // A connection may break between two statements; without a listener that would end the process. The next one fails.
    client.on('error', ignoreError);
  }

  async begin(): Promise<void> {
    await this.#command('BEGIN');
  }

  async commit(): Promise<void> {
    await this.#command('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.#command('ROLLBACK');
  }

  async run(sql: string, variables: Variables, meter: ResultMeter): Promise<StatementResult> {
    this.#isAltered ||= altersSession(sql);
    const statement = bindPostgres(sql, variables);
    try {
      return await this.#read(statement.text, statement.values, meter);
    } catch (error) {
      throw toPostgresFieldError(error) ?? error;
    }
  }

  release(): void {
    if (this.#isReleased) return;
    // The next request must not find itself in a transaction that this one left open, or under its settings.
    this.#release(this.#isAltered || this.#client.getTransactionStatus() !== 'I');
  }

  destroy(): void {
    if (!this.#isReleased) this.#release(true);
  }

  #release(isBroken: boolean): void {
    this.#isReleased = true;
    this.#client.removeListener('error', ignoreError);
    this.#client.release(isBroken);
  }

  async #command(text: string): Promise<void> {
    try {
      await this.#client.query(text);
    } catch (error) {
      throw toPostgresFieldError(error) ?? error;
    }
  }

  /** Rows are taken one by one, so that a result that is too large is not kept. */
  #read(text: string, values: unknown[], meter: ResultMeter): Promise<StatementResult> {
    // The extended protocol takes one statement only: nothing can be appended to it.
    const config = { text, values, types: rawText, rowMode: 'array', queryMode: 'extended' };
    const query = new pg.Query<(string | null)[]>(config);
    const records: Field[][] = [];
    return new Promise((resolve, reject) => {
      query.on('row', (row, result) => {
        try {
          const fields = result?.fields ?? [];
          meter.add(row.reduce((bytes, value) => bytes + (value === null ? 0 : Buffer.byteLength(value)), 0));
          records.push(row.map((value, index) => toPostgresField(fields[index]?.dataTypeID ?? 0, value)));
        } catch (error) {
          if (error instanceof Error) reject(error);
          this.destroy();
        }
      });
      query.on('error', reject);
      query.on('end', (result) => resolve(toResult(result, records)));
      this.#client.query(query);
    });
  }
}

function ignoreError(): void {}

function toResult({ fields, rowCount }: pg.ResultBuilder, records: Field[][]): StatementResult {
  // INSERT … RETURNING has columns, and counts as a statement that answers records.
  if (fields.length === 0) return { numberOfRecordsUpdated: rowCount ?? 0, generatedFields: [] };
  return {
    numberOfRecordsUpdated: 0,
    records,
    columnMetadata: fields.map(({ name, dataTypeID }) => describePostgresColumn(name, dataTypeID)),
  };
}
