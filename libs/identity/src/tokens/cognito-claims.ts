import type { JsonObject, JsonValue } from '#libs/protocol';
import { authTypes } from '../identity.js';
import type { Identity } from '../identity.js';
import type { ClientTest } from './client-pattern.js';
import { isNumericDate } from './numeric-date.js';
import { refuseToken } from './refuse-token.js';
import { freezeDeep } from './verified-claims.js';
import type { VerifiedClaims } from './verified-claims.js';

/** What a user pool's claims are held against. */
export interface CognitoClaimRules {
  readonly issuer: string;
  readonly acceptsClient: ClientTest;
  readonly defaultAction: 'ALLOW' | 'DENY';
  readonly leewayMs: number;
  readonly clock: () => number;
}

/**
 * What signed claims come to, after every check that is not the signature's. Throws the `expired` refusal for a token that
 * was good once, else `refused`.
 */
export function readCognitoClaims(claims: JsonObject, rules: CognitoClaimRules): VerifiedClaims {
  const { iss, sub, exp, nbf = 0, token_use: use } = claims;
  if (iss !== rules.issuer) throw refuseToken('The token is of another issuer.');
  if (typeof sub !== 'string') throw refuseToken('The token has no sub.');
  if (use !== 'id' && use !== 'access') throw refuseToken('The token_use of the token is neither id nor access.');
  // The two kinds name the app client in different claims, and either may hold the other's claim with another meaning:
  // an access token bound to a resource server has an `aud` too.
  if (!rules.acceptsClient(use === 'id' ? claims['aud'] : claims['client_id'])) {
    throw refuseToken(`The ${use === 'id' ? 'aud' : 'client_id'} of the token does not match appIdClientRegex.`);
  }
  if (!isNumericDate(exp) || !isNumericDate(nbf)) throw refuseToken('The exp or nbf of the token is no date.');
  const nowMs = rules.clock();
  const fromMs = nbf * 1000 - rules.leewayMs;
  const untilMs = exp * 1000 + rules.leewayMs;
  if (nowMs < fromMs) throw refuseToken('The nbf of the token is ahead.');
  // Last, because it tells a client to come back with a fresh token: only useful when nothing else is wrong.
  if (untilMs <= nowMs) throw refuseToken('The exp of the token has passed.', 'expired');
  return { fromMs, untilMs, identify: describe(sub, exp * 1000, freezeDeep(claims), rules) };
}

function describe(
  sub: string,
  expiresAtMs: number,
  claims: JsonObject,
  { issuer, defaultAction }: CognitoClaimRules,
): (sourceIp: readonly string[]) => Identity {
  const groups = readGroups(claims['cognito:groups']);
  // A token of the client credentials flow belongs to a machine and has neither.
  const username = claims['cognito:username'] ?? claims['username'] ?? null;
  return (sourceIp) =>
    Object.freeze({
      mode: 'AMAZON_COGNITO_USER_POOLS',
      authType: authTypes.AMAZON_COGNITO_USER_POOLS,
      context: Object.freeze({
        sub,
        issuer,
        username,
        claims,
        sourceIp,
        defaultAuthStrategy: defaultAction,
        groups: groups.length > 0 ? groups : null,
      }),
      groups,
      subject: sub,
      expiresAtMs,
      allowsField: null,
    });
}

function readGroups(value: JsonValue | undefined): readonly string[] {
  const groups = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return Object.freeze(groups.filter((group) => typeof group === 'string'));
}
