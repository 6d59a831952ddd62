import { assertNotCancelled, cancellationOf } from '../cancellation.js';
import type { DataSource } from '../data-source.js';
import { DeadlineError, withDeadline } from '../deadline.js';
import { abandonOn } from './abandon-on.js';
import { statementTimedOut } from './rds-error.js';
import { readRelationalRequest } from './relational-request.js';
import type { RelationalRequest, Variables } from './relational-request.js';
import { ResultMeter, defaultMaxResultBytes, toResultText } from './statement-result.js';
import type { StatementResult } from './statement-result.js';

/** A kind of database: how statements reach it. Errors are AppSync's field errors already, unless they are bugs. */
export interface Database {
  /** A connection for one request, as soon as there is one. */
  connect(): Promise<DatabaseSession>;
  /** Gives back all connections. May be called twice. */
  close(): Promise<void>;
}

/** A connection while one request has it. */
export interface DatabaseSession {
  begin(): Promise<void>;
  run(sql: string, variables: Variables, meter: ResultMeter): Promise<StatementResult>;
  commit(): Promise<void>;
  /** Undoes what was done since `begin`. */
  rollback(): Promise<void>;
  /** Gives the connection back, for the next request if it is still good. */
  release(): void;
  /** Ends the connection: it is not given back. What runs on it may fail, or never end. May be called twice. */
  destroy(): void;
}

/** What every kind of relational database takes. */
export interface RelationalLimits {
  /**
   * Longest time for a request, in milliseconds, waiting for a connection included. Default 30000, AppSync's own limit for
   * everything a GraphQL request does.
   */
  readonly timeoutMs?: number;
  /** Largest result of a request, in bytes. Default 1 MiB, as in AppSync. */
  readonly maxResultBytes?: number;
}

/** Default of `timeoutMs`. */
export const defaultTimeoutMs = 30_000;

/**
 * `RELATIONAL_DATABASE` on a database of any kind (AppSync reference, section 8.5). One statement stands for itself; two are
 * one transaction: both take effect or none. Documents, results and errors are in docs/reference/data-sources.md.
 */
export function createRelationalDataSource(
  database: Database,
  { timeoutMs = defaultTimeoutMs, maxResultBytes = defaultMaxResultBytes }: RelationalLimits,
): DataSource {
  return {
    type: 'RELATIONAL_DATABASE',

    async execute(document, call) {
      assertNotCancelled(call);
      const request = readRelationalRequest(document);
      const meter = new ResultMeter(maxResultBytes);
      try {
        const limits = { timeoutMs, signal: call.signal };
        return toResultText(await withDeadline(limits, (signal) => runRequest(database, request, signal, meter)));
      } catch (error) {
        if (call.signal?.aborted) throw cancellationOf(call.signal);
        throw error instanceof DeadlineError ? statementTimedOut(error) : error;
      }
    },

    close: () => database.close(),
  };
}

async function runRequest(
  database: Database,
  request: RelationalRequest,
  signal: AbortSignal,
  meter: ResultMeter,
): Promise<readonly StatementResult[]> {
  const session = await connect(database, signal);
  try {
    return await abandonOn(signal, runStatements(session, request, meter));
  } catch (error) {
    if (signal.aborted) session.destroy();
    throw error;
  } finally {
    session.release();
  }
}

/** A connection that is there too late goes back at once. */
async function connect(database: Database, signal: AbortSignal): Promise<DatabaseSession> {
  const connecting = database.connect();
  try {
    return await abandonOn(signal, connecting);
  } catch (error) {
    if (signal.aborted) void connecting.then((session) => session.release()).catch(() => undefined);
    throw error;
  }
}

async function runStatements(
  session: DatabaseSession,
  { statements, variables }: RelationalRequest,
  meter: ResultMeter,
): Promise<readonly StatementResult[]> {
  const [first = '', second] = statements;
  if (second === undefined) return [await session.run(first, variables, meter)];
  await session.begin();
  try {
    const results = [await session.run(first, variables, meter), await session.run(second, variables, meter)];
    await session.commit();
    return results;
  } catch (error) {
    // The client is told what failed, not that undoing it failed too: then the connection goes, and with it what was not
    // committed.
    await session.rollback().catch(() => session.destroy());
    throw error;
  }
}
