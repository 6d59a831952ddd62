import type { Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import type { ErrorCode } from '#libs/protocol';
import type { GatewayOptions } from '../gateway-options.js';

/**
 * Throws a RequestError where a connection may not start another subscription: it has as many as it may, those that are
 * starting counted, or has sent more messages than it may.
 */
export function requireRoom(
  { options, metrics }: { readonly options: GatewayOptions; readonly metrics: Metrics },
  subscriptions: number,
  isOverRate: boolean,
): void {
  const refuse = (limit: string, code: ErrorCode, message: string): never => {
    metrics.limitRefusals.inc({ limit });
    throw new RequestError(code, message, { limit });
  };
  const { messageRate, maxSubscriptionsPerConnection: max } = options;
  // AppSync's words, and then which limit.
  if (isOverRate)
    refuse(
      'MESSAGE_RATE',
      'LIMIT_EXCEEDED',
      `Rate limit exceeded: a connection may send ${messageRate} messages a second.`,
    );
  if (subscriptions >= max)
    refuse('MAX_SUBSCRIPTIONS_PER_CONNECTION', 'MAX_SUBSCRIPTIONS', `Max number of ${max} subscriptions reached`);
}
