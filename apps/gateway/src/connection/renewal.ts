import { isDeepStrictEqual } from 'node:util';
import type { Identity } from '#libs/identity';
import { isJsonObject, lowerCaseHeaders, RequestError } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { losesFields } from '../subscription/field-policies.js';
import type { FieldPolicies } from '../subscription/field-policies.js';
import { isSameIdentity } from './identity-key.js';
import { isExpired, outlasts } from './token-expiry.js';

/**
 * Why a subscription may not go on whose client has renewed its credentials: they allow less than it shows, or its resolver, which
 * is not run again, was told something else of the client. Undefined where it may.
 */
export function reasonToEnd(policies: FieldPolicies, before: Identity, after: Identity): RequestError | undefined {
  if (losesFields(policies, before, after)) {
    return new RequestError(
      'UNAUTHORIZED',
      'The renewed credentials allow less than those that started the subscription.',
    );
  }
  if ([...policies.values()].some(({ readsIdentity }) => readsIdentity) && !haveSameClaims(before, after)) {
    return new RequestError(
      'UNAUTHORIZED',
      'The renewed credentials have other claims than those that started the subscription.',
    );
  }
  return undefined;
}

/** Claims of a token itself, not of its bearer: they are others in each token (RFC 7519, OpenID Connect, Cognito). */
const claimsOfToken: ReadonlySet<string> = new Set([
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'origin_jti',
  'event_id',
  'at_hash',
]);

/** Credentials that are no token have none. */
function haveSameClaims(one: Identity, other: Identity): boolean {
  return isDeepStrictEqual(claimsOfBearer(one), claimsOfBearer(other));
}

function claimsOfBearer({ context }: Identity): JsonObject {
  const claims = context?.['claims'];
  if (!isJsonObject(claims)) return {};
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !claimsOfToken.has(name)));
}

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
