import type { Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';
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
  if (isOverRate) {
    metrics.limitRefusals.inc({ limit: 'MESSAGE_RATE' });
    // AppSync's words, and then which limit.
    const limit = `a connection may send ${options.messageRate} messages a second`;
    throw new RequestError('LIMIT_EXCEEDED', `Rate limit exceeded: ${limit}.`);
  }
  const max = options.maxSubscriptionsPerConnection;
  if (subscriptions < max) return;
  metrics.limitRefusals.inc({ limit: 'MAX_SUBSCRIPTIONS_PER_CONNECTION' });
  throw new RequestError('MAX_SUBSCRIPTIONS', `Max number of ${max} subscriptions reached`);
}
