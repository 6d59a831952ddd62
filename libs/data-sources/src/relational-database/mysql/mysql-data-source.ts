import mysql from 'mysql2';
import type { Pool, PoolConnection } from 'mysql2';

import type { DataSource } from '../../data-source.js';
import { parseConnectionString } from '../connection-string.js';
import { createRelationalDataSource, defaultTimeoutMs } from '../relational-data-source.js';
import type { Database, RelationalLimits } from '../relational-data-source.js';
import { toMySqlFieldError } from './mysql-error.js';
import { MySqlSession } from './mysql-session.js';

export interface MySqlDataSourceOptions extends RelationalLimits {
  /** `mysql://user:password@host:3306/database`; `ssl` and the like as the driver `mysql2` reads them. */
  readonly connectionString: string;
  /** Connections kept at most. Default 10: a request holds one for the time of its statements only. */
  readonly maxConnections?: number;
}

/** How long an idle connection is kept, in milliseconds: shorter than firewalls forget connections that say nothing. */
const idleTimeoutMs = 30_000;

/** Prepared statements kept for each connection. A server keeps 16,382 in all by default. */
const maxPreparedStatements = 100;

/**
 * `RELATIONAL_DATABASE` on a MySQL or MariaDB. Nothing is connected until the first request.
 *
 * @throws RangeError at once for a connection string that is none
 */
export function createMySqlDataSource(options: MySqlDataSourceOptions): DataSource {
  return createRelationalDataSource(createMySqlDatabase(options), options);
}

function createMySqlDatabase({
  connectionString,
  maxConnections = 10,
  timeoutMs = defaultTimeoutMs,
}: MySqlDataSourceOptions): Database {
  const url = parseConnectionString(connectionString, ['mysql', 'mariadb']);
  // Nothing can be appended to a statement, whatever the connection string says.
  url.searchParams.delete('multipleStatements');
  const pool = mysql.createPool({
    uri: url.href,
    connectionLimit: maxConnections,
    maxIdle: 0,
    idleTimeout: idleTimeoutMs,
    connectTimeout: timeoutMs,
    enableKeepAlive: true,
    maxPreparedStatements,
    // Dates, decimals and JSON as the server writes them, whole numbers that a double has no room for as text.
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    charset: 'utf8mb4',
    // A server must not ask for files of this machine.
    flags: ['-LOCAL_FILES'],
  });
  pool.on('connection', (connection) => {
    // One that breaks while it is idle leaves the pool; without a listener it would end the process.
    connection.on('error', () => undefined);
    boundStatements(connection, timeoutMs);
  });
  let closing: Promise<void> | undefined;

  return {
    async connect() {
      try {
        return new MySqlSession(await takeConnection(pool));
      } catch (error) {
        throw toMySqlFieldError(error) ?? error;
      }
    },
    close: () => (closing ??= endPool(pool)),
  };
}

/** Ending a connection does not end its statement, so the server has a bound too: MySQL has it for SELECT, MariaDB for all. */
function boundStatements(connection: PoolConnection, timeoutMs: number): void {
  // Each knows one of the two and refuses the other.
  connection.query(`SET SESSION max_execution_time = ${Math.ceil(timeoutMs)}`, () => undefined);
  connection.query(`SET SESSION max_statement_time = ${timeoutMs / 1000}`, () => undefined);
}

function takeConnection(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

/** A connection that breaks, or was not made yet, while it is ended is ended too. */
function endPool(pool: Pool): Promise<void> {
  return new Promise((resolve) => pool.end(() => resolve()));
}
