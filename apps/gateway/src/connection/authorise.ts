import type { RequestInput } from '#libs/execution';
import type { Identity } from '#libs/identity';
import { logByLevel } from '#libs/observability';
import type { Logger } from '#libs/observability';

/** The request input of a subscription that is started with this identity and these headers. */
export function requestInput(
  logger: Logger,
  identity: Identity,
  headers: RequestInput['headers'],
  requestId: string,
): RequestInput {
  return { identity, headers, requestId, log: logByLevel(logger), domainName: null };
}
