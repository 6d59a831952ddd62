import type { ColumnMetadata } from './column-metadata.js';
import { resultTooLarge } from './rds-error.js';

/** One value of a record, named as in the RDS Data API's ExecuteStatement. */
export type Field =
  | { readonly isNull: true }
  | { readonly stringValue: string }
  | { readonly longValue: number }
  | { readonly doubleValue: number }
  | { readonly booleanValue: boolean }
  /** Base64. */
  | { readonly blobValue: string }
  | { readonly arrayValue: ArrayValue };

/** An array of one kind of values, or of arrays. */
export type ArrayValue =
  | { readonly stringValues: readonly (string | null)[] }
  | { readonly longValues: readonly (number | null)[] }
  | { readonly doubleValues: readonly (number | null)[] }
  | { readonly booleanValues: readonly (boolean | null)[] }
  | { readonly arrayValues: readonly ArrayValue[] };

/** What one statement did. */
export interface StatementResult {
  /** Rows inserted, changed or removed; 0 for a statement that answers records. */
  readonly numberOfRecordsUpdated: number;
  /** Absent for a statement that answers none, where a SELECT without a match has an empty list. */
  readonly records?: readonly (readonly Field[])[];
  /** One for each value of a record; absent where `records` is. */
  readonly columnMetadata?: readonly ColumnMetadata[];
  /** Values that the database made for inserted rows. MySQL only. */
  readonly generatedFields?: readonly Field[];
}

/** Largest result of a call by default, in bytes of text: 1 MiB, the Data API's own limit. */
export const defaultMaxResultBytes = 1024 * 1024;

/**
 * Counts what is read from a database before it is kept, so that a statement that answers a whole table ends early and not
 * in a process without memory.
 */
export class ResultMeter {
  #left: number;

  constructor(maxBytes: number) {
    this.#left = maxBytes;
  }

  /** @throws FieldError when the result has more bytes than allowed. */
  add(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw resultTooLarge();
  }
}

/** The result of a request: `ctx.result` is JSON text, which `util.rds.toJsonObject` reads. */
export function toResultText(results: readonly StatementResult[]): string {
  return JSON.stringify({ sqlStatementResults: results });
}
