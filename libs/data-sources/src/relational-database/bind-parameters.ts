import { missingParameter } from './rds-error.js';
import type { Variable, Variables } from './relational-request.js';
import { splitSql } from './sql-tokens.js';
import type { SqlDialect } from './sql-tokens.js';

/**
 * A statement with the driver's placeholders in place of its parameters. Values stay values: none of them becomes part of
 * the text.
 *
 * @param placeholderOf called for each parameter in the order of the text; answers what stands in its place
 * @throws FieldError for a parameter that there is no variable for
 */
export function bindParameters(
  sql: string,
  dialect: SqlDialect,
  variables: Variables,
  placeholderOf: (name: string, variable: Variable) => string,
): string {
  return splitSql(sql, dialect)
    .map((piece) => {
      if ('text' in piece) return piece.text;
      return placeholderOf(piece.parameter, variableOf(piece.parameter, variables));
    })
    .join('');
}

/** The variable of a parameter. */
export function variableOf(name: string, variables: Variables): Variable {
  const variable = variables.get(name);
  if (variable === undefined) throw missingParameter(name);
  return variable;
}
