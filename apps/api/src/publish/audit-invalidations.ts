import type { AskedInvalidation, RequestContext } from '#libs/execution';
import type { Logger } from '#libs/observability';

/** Keys of a payload that one record names, and characters of each: a handler may hand a client's own map on. */
const maxKeys = 20;
const maxKeyLength = 64;

/**
 * Records who invalidated what: one record for each invalidation of a request, joined by `requestId` with what the gateways
 * record of it (docs/reference/protocol.md). Of the payload it has the keys alone; the values name people.
 *
 * @param publish what became of the request's entries, as `extensions.starling.publish` says it, or `appended`
 */
export function auditInvalidations(
  logger: Pick<Logger, 'info'>,
  { input }: RequestContext,
  asked: readonly AskedInvalidation[],
  publish: string,
): void {
  const { identity, requestId, sourceIp } = input;
  const username = identity.context?.username;
  for (const { resolver, subscriptionField, payload, stickySeconds } of asked) {
    const keys = Object.keys(payload).slice(0, maxKeys);
    logger.info(
      {
        audit: true,
        action: 'invalidateSubscriptions',
        requestId,
        mode: identity.mode,
        subject: identity.subject,
        username: typeof username === 'string' ? username : null,
        sourceIp: sourceIp ?? [],
        resolver,
        subscriptionField,
        payloadKeys: keys.map((key) => key.slice(0, maxKeyLength)),
        sticky: stickySeconds,
        invalidations: asked.length,
        publish,
      },
      'A mutation invalidates subscriptions',
    );
  }
}
