import pg from 'pg';

import type { DataSource } from '../../data-source.js';
import { parseConnectionString } from '../connection-string.js';
import { createRelationalDataSource, defaultTimeoutMs } from '../relational-data-source.js';
import type { Database, RelationalLimits } from '../relational-data-source.js';
import { toPostgresFieldError } from './postgres-error.js';
import { PostgresSession } from './postgres-session.js';

export interface PostgresDataSourceOptions extends RelationalLimits {
  /** `postgres://user:password@host:5432/database`; `sslmode` and the like as the driver `pg` reads them. */
  readonly connectionString: string;
  /**
   * Connections kept at most. Default 10: a request holds one for the time of its statements only, and PostgreSQL serves a
   * hundred clients by default, all pods together.
   */
  readonly maxConnections?: number;
}

/** How long an idle connection is kept, in milliseconds: shorter than firewalls forget connections that say nothing. */
const idleTimeoutMs = 30_000;

/**
 * `RELATIONAL_DATABASE` on a PostgreSQL. Nothing is connected until the first request.
 *
 * @throws RangeError at once for a connection string that is none
 */
export function createPostgresDataSource(options: PostgresDataSourceOptions): DataSource {
  return createRelationalDataSource(createPostgresDatabase(options), options);
}

function createPostgresDatabase({
  connectionString,
  maxConnections = 10,
  timeoutMs = defaultTimeoutMs,
}: PostgresDataSourceOptions): Database {
  parseConnectionString(connectionString, ['postgres', 'postgresql']);
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    idleTimeoutMillis: idleTimeoutMs,
    connectionTimeoutMillis: timeoutMs,
    fallback_application_name: 'starling',
    keepAlive: true,
    onConnect: (client) => prepareConnection(client, timeoutMs) as unknown as void,
  });
  // An idle connection that breaks is forgotten; without a listener it would end the process.
  pool.on('error', () => {});
  let closing: Promise<void> | undefined;

  return {
    async connect() {
      try {
        return new PostgresSession(await pool.connect());
      } catch (error) {
        throw toPostgresFieldError(error) ?? error;
      }
    },
    close: () => (closing ??= pool.end()),
  };
}

/**
 * What results are read by: ISO dates in UTC, hexadecimal bytes, strings as the standard has them. And a bound for the server
 * itself, because ending a connection does not end its statement.
 *
 * As a statement and not as parameters of the connection: a pooler such as PgBouncer refuses those it does not know.
 */
async function prepareConnection(client: pg.ClientBase, timeoutMs: number): Promise<void> {
  await client.query(
    `SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; ` +
      `SET standard_conforming_strings = on; SET statement_timeout = ${Math.ceil(timeoutMs)}`,
  );
}
