import fc from 'fast-check';
import { describe, it } from 'vitest';

import type { Variables } from '../src/relational-database/relational-request.js';
import { mySqlDialect, postgresDialect, splitSql } from '../src/relational-database/sql-tokens.js';
import { bindPostgres } from '../src/relational-database/postgres/bind-postgres.js';

const pieces = fc.constantFrom(
  "'",
  '"',
  '`',
  '\\',
  '$',
  '$$',
  '$a$',
  '/*',
  '*/',
  '--',
  '#',
  '\n',
  ':',
  '::',
  ':a',
  ':b',
  'e',
  "E'",
  ' ',
  'x',
  '1',
);
const statements = fc.array(pieces, { maxLength: 40 }).map((list) => list.join(''));

describe('any statement', () => {
  it.each([postgresDialect, mySqlDialect])('should be what its pieces are, put together, for $name', (dialect) => {
    fc.assert(
      fc.property(statements, (sql) => {
        const together = splitSql(sql, dialect).map((piece) => ('text' in piece ? piece.text : `:${piece.parameter}`));
        return together.join('') === sql;
      }),
    );
  });

  it('should have the same text whatever its values are', () => {
    fc.assert(
      fc.property(statements, fc.string(), fc.string(), (sql, one, other) => {
        const textWith = (value: string) => {
          const variable = { value, typeHint: undefined };
          // Whatever the pieces make up for a name.
          const everyName = { get: () => variable } as unknown as Variables;
          return bindPostgres(sql, everyName).text;
        };
        return textWith(one) === textWith(other);
      }),
    );
  });
});
