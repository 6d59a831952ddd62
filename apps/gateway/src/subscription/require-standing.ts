import { RequestError, unauthorizedTexts } from '#libs/protocol';
import { losesFields } from './field-policies.js';
import type { AcceptedSubscription } from './subscription.js';

/**
 * Throws a RequestError unless the credentials of whoever started a subscription still stand, and still allow every field that
 * they did: an access key may be withdrawn, or its policy narrowed, at any time.
 */
export function requireStanding({
  revocable: before,
  fieldPolicies,
}: Pick<AcceptedSubscription, 'revocable' | 'fieldPolicies'>): void {
  if (!before?.current) return;
  const now = before.current();
  if (now === null || losesFields(fieldPolicies, before, now))
    throw new RequestError('UNAUTHORIZED', unauthorizedTexts.denied);
}
