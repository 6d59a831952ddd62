import { FieldError } from '#libs/protocol';

import { connectionRefused, databaseBusy, databaseUnreachable, rdsError, statementTimedOut } from '../rds-error.js';

/** What the driver adds to an error that the server answered. */
interface ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  readonly sqlMessage: string;
}

// Numbers of MySQL's and MariaDB's error references.
const refusedLogins: ReadonlySet<number> = new Set([1044, 1045, 1049, 1130, 1227, 1251, 1698, 1820, 3118, 3955]);
const busyServers: ReadonlySet<number> = new Set([1040, 1041, 1053, 1135, 1203, 1226, 1927, 3169]);
const timeouts: ReadonlySet<number> = new Set([1317, 1969, 3024]);

/**
 * A failed statement or connection as the client is told of it. The server's own words reach the client where they are about
 * the statement; those that name users, databases and hosts are for the log.
 *
 * @returns undefined for an error that is neither the server's nor the network's: a bug, to be thrown as it is
 */
export function toMySqlFieldError(error: unknown): FieldError | undefined {
  if (error instanceof FieldError) return error;
  if (!(error instanceof Error)) return undefined;
  if (isServerError(error)) return toStatementError(error);
  return error instanceof TypeError && !('code' in error) ? undefined : databaseUnreachable(error);
}

function isServerError(error: Error): error is ServerError {
  return 'sqlMessage' in error && 'sqlState' in error && 'errno' in error && typeof error.sqlState === 'string';
}

function toStatementError(error: ServerError): FieldError {
  const { errno, sqlMessage, sqlState } = error;
  if (refusedLogins.has(errno)) return connectionRefused(error);
  if (busyServers.has(errno)) return databaseBusy(error);
  if (timeouts.has(errno)) return statementTimedOut(error);
  return rdsError(400, `${sqlMessage}; Error code: ${errno}; SQLState: ${sqlState}`, error);
}
