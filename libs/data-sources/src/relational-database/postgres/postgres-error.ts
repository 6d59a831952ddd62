import pg from 'pg';
import { FieldError } from '#libs/protocol';

import { connectionRefused, databaseBusy, databaseUnreachable, rdsError, statementTimedOut } from '../rds-error.js';

/**
 * A failed statement or connection as the client is told of it. PostgreSQL's own words reach the client where they are about
 * the statement; its detail, which may quote rows, and all that names users, databases and hosts is for the log.
 *
 * @returns undefined for an error that is neither PostgreSQL's nor the network's: a bug, to be thrown as it is
 */
export function toPostgresFieldError(error: unknown): FieldError | undefined {
  if (error instanceof FieldError) return error;
  if (error instanceof pg.DatabaseError) return toStatementError(error);
  if (!(error instanceof Error) || (error instanceof TypeError && !('code' in error))) return undefined;
  return databaseUnreachable(error);
}

function toStatementError(error: pg.DatabaseError): FieldError {
  const { code = '' } = error;
  // Classes of appendix A of PostgreSQL's manual: 28 and 3D are refused logins, 53 and 57P a server without room or at its end.
  if (/^(?:28|3D)/.test(code)) return connectionRefused(error);
  if (/^(?:53|57P)/.test(code)) return databaseBusy(error);
  if (/^(?:08|58|F0|XX)/.test(code)) return rdsError(500, 'The database failed.', error);
  if (code === '57014') return statementTimedOut(error);
  const position = error.position === undefined ? '' : `\n  Position: ${error.position}`;
  return rdsError(400, `${error.severity ?? 'ERROR'}: ${error.message}${position}; SQLState: ${code}`, error);
}
