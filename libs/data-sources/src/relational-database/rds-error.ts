import { STATUS_CODES } from 'node:http';

import { FieldError } from '#libs/protocol';

/**
 * A database that refused or could not be reached, as AppSync tells of it: the HTTP status of the RDS Data API is the
 * errorType, its answer the text, `RDSHttp:{"message":"…"}`. Databases that are reached without the Data API use the status
 * that it would have answered.
 *
 * @param cause all that the database or the network said, for the log
 */
export function rdsError(status: number, message: string, cause?: unknown): FieldError {
  const errorType = `${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
  return new FieldError(`RDSHttp:${JSON.stringify({ message })}`, errorType, null, null, { cause });
}

/** A statement with a `:name` that `variableMap` does not have; the Data API's text. */
export function missingParameter(name: string): FieldError {
  return rdsError(400, `Cannot find parameter: ${name}`);
}

/** A result of more bytes than may be read; the Data API's text. */
export function resultTooLarge(): FieldError {
  return rdsError(400, 'Database returned more than the allowed response size limit');
}

/** A call that took longer than the data source's limit. */
export function statementTimedOut(cause: unknown): FieldError {
  return rdsError(400, 'Statement timed out', cause);
}

/** A database that could not be asked at all. Its address and the reason are for the log only. */
export function databaseUnreachable(cause: unknown): FieldError {
  return rdsError(504, 'The database could not be reached.', cause);
}

/** A database that refused the credentials, or has no database of the name. */
export function connectionRefused(cause: unknown): FieldError {
  return rdsError(403, 'The database refused the connection.', cause);
}

/** A database that has no room for another connection, or is about to end. */
export function databaseBusy(cause: unknown): FieldError {
  return rdsError(503, 'The database is not available now.', cause);
}
