import { bindParameters } from '../bind-parameters.js';
import type { TypeHint, Variable, Variables } from '../relational-request.js';
import { postgresDialect } from '../sql-tokens.js';

/** A statement with `$1`, `$2` … and the values that go with it. */
export interface BoundStatement {
  readonly text: string;
  readonly values: Variable['value'][];
}

const castOfHint: Readonly<Record<TypeHint, string>> = {
  DATE: 'date',
  DECIMAL: 'numeric',
  JSON: 'json',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  UUID: 'uuid',
};

/**
 * Binds a statement as the Data API does: each value has a type of its own, whatever it meets. A string is text unless its
 * hint says otherwise, so a uuid or a timestamp wants a hint or a cast (`:id::uuid`), here as there.
 */
export function bindPostgres(sql: string, variables: Variables): BoundStatement {
  const positions = new Map<string, number>();
  const values: Variable['value'][] = [];
  const text = bindParameters(sql, postgresDialect, variables, (name, variable) => {
    let position = positions.get(name);
    if (position === undefined) {
      values.push(variable.value);
      position = values.length;
      positions.set(name, position);
    }
    return `$${position}${castOf(variable)}`;
  });
  return { text, values };
}

function castOf({ value, typeHint }: Variable): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return '::bool';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? '::int8' : '::float8';
  return `::${typeHint === undefined ? 'varchar' : castOfHint[typeHint]}`;
}
