import type { JsonObject, JsonValue } from '#libs/protocol';
import { authTypes } from '../identity.js';
import type { Identity } from '../identity.js';
import type { ClientTest } from './client-pattern.js';
import { isSameIssuer } from './discovery.js';
import { isNumericDate } from './numeric-date.js';
import { refuseToken } from './refuse-token.js';
import { freezeDeep } from './verified-claims.js';
import type { VerifiedClaims } from './verified-claims.js';

/** What an issuer's claims are held against. */
export interface OpenIdConnectClaimRules {
  readonly issuer: string;
  readonly acceptsClient: ClientTest;
  /** Null: no limit. */
  readonly iatTtlMs: number | null;
  /** Null: no limit. */
  readonly authTtlMs: number | null;
  readonly leewayMs: number;
  readonly clock: () => number;
}

/**
 * What signed claims come to, after every check that is not the signature's (AppSync reference, section 6). Throws the
 * `expired` refusal for a token that was good once and whose successor would be good again, else `refused`.
 */
export function readOpenIdConnectClaims(claims: JsonObject, rules: OpenIdConnectClaimRules): VerifiedClaims {
  const { iss, sub, aud, azp } = claims;
  if (!isSameIssuer(iss, rules.issuer)) throw refuseToken('The token is of another issuer.');
  if (typeof sub !== 'string') throw refuseToken('The token has no sub.');
  // Logout tokens and other security events (RFC 8417) are signed by the issuer, speak of a user and are no credentials.
  if (claims['events'] !== undefined) throw refuseToken('The token is a security event.');
  if (![...listOf(aud), azp].some(rules.acceptsClient)) {
    throw refuseToken('Neither aud nor azp of the token matches clientId.');
  }
  const { fromMs, endsAtMs, authEndsAtMs } = readTimes(claims, rules);
  const nowMs = rules.clock();
  if (nowMs < fromMs) throw refuseToken('The nbf or iat of the token is ahead.');
  // Not `expired`, which tells a client to refresh: a refreshed token has the same auth_time. The user must log in again.
  if (authEndsAtMs + rules.leewayMs <= nowMs)
    throw refuseToken('The auth_time of the token is longer ago than authTTL.');
  if (endsAtMs + rules.leewayMs <= nowMs) throw refuseToken('The exp or iatTTL of the token has passed.', 'expired');
  const expiresAtMs = Math.min(endsAtMs, authEndsAtMs);
  return { fromMs, untilMs: expiresAtMs + rules.leewayMs, identify: describe(sub, expiresAtMs, freezeDeep(claims)) };
}

function readTimes(claims: JsonObject, { iatTtlMs, authTtlMs, leewayMs }: OpenIdConnectClaimRules) {
  const { iat, exp, nbf = iat, auth_time: authTime } = claims;
  if (!isNumericDate(iat)) throw refuseToken('The token has no iat, or one that is no date.');
  if (!isNumericDate(exp)) throw refuseToken('The token has no exp, or one that is no date.');
  if (!isNumericDate(nbf)) throw refuseToken('The nbf of the token is no date.');
  if (authTtlMs !== null && !isNumericDate(authTime)) {
    throw refuseToken('The token has no auth_time, which authTTL counts from, or one that is no date.');
  }
  return {
    fromMs: Math.max(iat, nbf) * 1000 - leewayMs,
    endsAtMs: Math.min(exp * 1000, iat * 1000 + (iatTtlMs ?? Infinity)),
    authEndsAtMs: authTtlMs !== null && isNumericDate(authTime) ? authTime * 1000 + authTtlMs : Infinity,
  };
}

function listOf(audience: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return Array.isArray(audience) ? (audience as readonly JsonValue[]) : [audience];
}

const noGroups = Object.freeze([]);

function describe(sub: string, expiresAtMs: number, claims: JsonObject): (sourceIp: readonly string[]) => Identity {
  // As the token spells it, with or without the last slash: resolvers compare it with what their issuer is called.
  const issuer = claims['iss'] as string;
  return (sourceIp) =>
    Object.freeze({
      mode: 'OPENID_CONNECT',
      authType: authTypes.OPENID_CONNECT,
      context: Object.freeze({ sub, issuer, claims, sourceIp }),
      groups: noGroups,
      subject: sub,
      expiresAtMs,
      allowsField: null,
    });
}
