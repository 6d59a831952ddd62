import type { Identity } from '#libs/identity';
import { isJsonObject, lowerCaseHeaders, RequestError } from '#libs/protocol';
import { isSameIdentity } from './identity-key.js';
import { isExpired, outlasts } from './token-expiry.js';

/** Why a subscription is over whose client has renewed its credentials. */
export const lostRightsText = 'The renewed credentials allow less than those that started the subscription.';

/**
 * The headers of credentials that a `ping` brings to renew those of its connection: `{authorization}` or `{headers: {…}}`.
 * Undefined for any other payload.
 */
export function readRenewal(payload: unknown): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(payload)) return undefined;
  if (isJsonObject(payload.headers)) return lowerCaseHeaders(payload.headers);
  const { authorization } = lowerCaseHeaders(payload);
  return authorization === undefined ? undefined : { authorization };
}

/** Throws a RequestError where a connection is too late to renew its credentials. */
export function requireInTime(current: Identity): void {
  if (isExpired(current.expiresAtMs))
    throw new RequestError('UNAUTHORIZED', 'The credentials in use have ended; connect again.');
}

/** Throws a RequestError unless `next` may take the place of the credentials in use: of the same person or machine, for no less long. */
export function requireSuccessor(current: Identity, next: Identity): void {
  requireInTime(current);
  if (!isSameIdentity(current, next)) {
    throw new RequestError(
      'UNAUTHORIZED',
      'Credentials are renewed by those of the same kind and the same subject; connect again with others.',
    );
  }
  if (outlasts(current.expiresAtMs, next.expiresAtMs))
    throw new RequestError('UNAUTHORIZED', 'The credentials end before those in use.');
}
