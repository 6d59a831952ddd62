import { randomUUID } from 'node:crypto';
import type { RequestInput, RequestLog } from '#libs/execution';
import type { Identity } from '#libs/identity';
import type { Logger } from '#libs/observability';

/** The request input of a subscription that is started with this identity and these headers. */
export function requestInput(logger: Logger, identity: Identity, headers: RequestInput['headers']): RequestInput {
  return { identity, headers, requestId: randomUUID(), log: requestLog(logger), domainName: null };
}

/** What resolvers log, as records of the process's log. */
export function requestLog(logger: Logger): RequestLog {
  return (level, message, details) => logger[level](details ?? {}, message);
}
