import type { DataSource } from '../data-source.js';
import { parseConnectionString } from './connection-string.js';
import { createMySqlDataSource } from './mysql/mysql-data-source.js';
import { createPostgresDataSource } from './postgres/postgres-data-source.js';
import type { PostgresDataSourceOptions } from './postgres/postgres-data-source.js';

/** `connectionString` begins with the database's scheme: `postgres://`, `postgresql://`, `mysql://` or `mariadb://`. */
export type SqlDataSourceOptions = PostgresDataSourceOptions;

/**
 * `RELATIONAL_DATABASE` on the database that a connection string leads to.
 *
 * @throws RangeError at once for a connection string that is none
 */
export function createSqlDataSource(options: SqlDataSourceOptions): DataSource {
  const url = parseConnectionString(options.connectionString, ['postgres', 'postgresql', 'mysql', 'mariadb']);
  return url.protocol.startsWith('postgres') ? createPostgresDataSource(options) : createMySqlDataSource(options);
}
