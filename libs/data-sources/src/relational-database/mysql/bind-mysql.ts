import mysql from 'mysql2';
import type { ExecuteValues } from 'mysql2';

import { bindParameters } from '../bind-parameters.js';
import type { Variable, Variables } from '../relational-request.js';
import { mySqlDialect } from '../sql-tokens.js';

/** A statement with `?`, and the values that go with it in their order. */
export interface BoundStatement {
  readonly text: string;
  readonly values: ExecuteValues[];
}

/** Binds a statement: the server gets the values apart from the text. */
export function bindMySql(sql: string, variables: Variables): BoundStatement {
  const values: ExecuteValues[] = [];
  const text = bindParameters(sql, mySqlDialect, variables, (_, variable) => {
    values.push(toParameter(variable));
    return '?';
  });
  return { text, values };
}

/** Type hints have no part in this: MySQL takes dates, UUIDs and JSON from text. */
function toParameter({ value, typeHint }: Variable): ExecuteValues {
  if (typeof value === 'boolean') return mysql.TypedParameter.TINYINT(value ? 1 : 0);
  // Or it would be a double, which LIMIT does not take.
  if (Number.isSafeInteger(value)) return mysql.TypedParameter.BIGINT(value);
  if (typeof value === 'string' && typeHint === 'DECIMAL') return mysql.TypedParameter.DECIMAL(value);
  return value;
}
