import type { PoolConnection, Query, ResultSetHeader } from 'mysql2';

import { altersSession } from '../alters-session.js';
import type { DatabaseSession } from '../relational-data-source.js';
import type { Variables } from '../relational-request.js';
import type { Field, ResultMeter, StatementResult } from '../statement-result.js';
import { bindMySql } from './bind-mysql.js';
import type { BoundStatement } from './bind-mysql.js';
import { toMySqlFieldError } from './mysql-error.js';
import { describeMySqlColumn } from './mysql-types.js';
import type { MySqlColumn } from './mysql-types.js';
import { toMySqlField } from './mysql-values.js';

/** A pooled connection to MySQL or MariaDB while one request has it. */
export class MySqlSession implements DatabaseSession {
  readonly #connection: PoolConnection;
  /** Rejects when the connection breaks: the driver tells the connection, not the statement that runs on it. */
  readonly #break: Promise<never>;
  readonly #stopListening: () => void;
  #isReleased = false;
  #isAltered = false;

  constructor(connection: PoolConnection) {
    this.#connection = connection;
    let onError: (error: Error) => void = () => undefined;
    this.#break = new Promise((_, reject) => (onError = reject));
    this.#break.catch(() => undefined);
    connection.on('error', onError);
    this.#stopListening = () => connection.removeListener('error', onError);
  }

  begin(): Promise<void> {
    return this.#command('START TRANSACTION');
  }

  commit(): Promise<void> {
    return this.#command('COMMIT');
  }

  rollback(): Promise<void> {
    return this.#command('ROLLBACK');
  }

  async run(sql: string, variables: Variables, meter: ResultMeter): Promise<StatementResult> {
    this.#isAltered ||= altersSession(sql);
    const statement = bindMySql(sql, variables);
    try {
      return await Promise.race([this.#read(statement, meter), this.#break]);
    } catch (error) {
      throw toMySqlFieldError(error) ?? error;
    }
  }

  release(): void {
    // The next request must not find itself under the settings, locks or transaction of this one.
    if (this.#isAltered) return this.destroy();
    if (this.#leave()) this.#connection.release();
  }

  destroy(): void {
    if (this.#leave()) this.#connection.destroy();
  }

  #leave(): boolean {
    if (this.#isReleased) return false;
    this.#stopListening();
    return (this.#isReleased = true);
  }

  async #command(sql: string): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#connection.query(sql, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      throw toMySqlFieldError(error) ?? error;
    }
  }

  /** Rows are taken one by one, so that a result that is too large is not kept. */
  #read(statement: BoundStatement, meter: ResultMeter): Promise<StatementResult> {
    const query = this.#send(statement);
    const reading = new Reading(meter);
    return new Promise((resolve, reject) => {
      query.on('fields', (columns: unknown) => reading.addColumns(columns));
      query.on('result', (row: unknown) => {
        try {
          reading.addRow(row);
        } catch (error) {
          if (error instanceof Error) reject(error);
          this.destroy();
        }
      });
      query.on('error', reject);
      query.on('end', () => resolve(reading.result));
    });
  }

  /** Some statements can't be prepared; without values nothing has to be. */
  #send({ text, values }: BoundStatement): Query {
    return values.length === 0
      ? this.#connection.query({ sql: text, rowsAsArray: true })
      : this.#connection.execute({ sql: text, values, rowsAsArray: true });
  }
}

/** The first answer of a statement. A CALL may have several; AppSync has room for one. */
class Reading {
  readonly #meter: ResultMeter;
  readonly #records: Field[][] = [];
  #columns: readonly MySqlColumn[] | undefined;
  #header: ResultSetHeader | undefined;
  #isComplete = false;

  constructor(meter: ResultMeter) {
    this.#meter = meter;
  }

  /** Comes before the rows of each answer, and without columns where an answer has none. */
  addColumns(columns: unknown): void {
    if (this.#columns || this.#header) this.#isComplete = true;
    else if (Array.isArray(columns)) this.#columns = columns as readonly MySqlColumn[];
  }

  addRow(row: unknown): void {
    if (this.#isComplete) return;
    if (!Array.isArray(row)) {
      this.#header ??= row as ResultSetHeader;
      return;
    }
    const fields = row.map((value, position) => toMySqlField(this.#columns![position]!, value));
    this.#meter.add(fields.reduce((bytes, field) => bytes + Buffer.byteLength(String(Object.values(field)[0])), 0));
    this.#records.push(fields);
  }

  get result(): StatementResult {
    if (this.#columns) {
      const columnMetadata = this.#columns.map(describeMySqlColumn);
      return { numberOfRecordsUpdated: 0, records: this.#records, columnMetadata };
    }
    const { affectedRows = 0, insertId = 0 } = this.#header ?? {};
    const generatedFields = insertId === 0 ? [] : [{ longValue: Number(insertId) }];
    return { numberOfRecordsUpdated: affectedRows, generatedFields };
  }
}
