import type { JsonObject, JsonValue } from '#libs/protocol';
import { authTypes } from './identity.js';
import type { Identity } from './identity.js';
import { refuse } from './refuse.js';

/** What a user pool's claims are held against. */
export interface CognitoClaimRules {
  readonly issuer: string;
  readonly acceptsClient: (clientId: unknown) => boolean;
  readonly defaultAction: 'ALLOW' | 'DENY';
  readonly leewayMs: number;
  readonly clock: () => number;
}

/**
 * The identity that verified claims stand for, after every check that is not the signature's. Throws the `expired`
 * refusal for a token that was good once, else `refused`.
 */
export function readCognitoClaims(claims: JsonObject, sourceIp: readonly string[], rules: CognitoClaimRules): Identity {
  const { iss, sub, exp, nbf = 0, token_use: use } = claims;
  if (iss !== rules.issuer || typeof sub !== 'string') throw refuse('refused');
  if (use !== 'id' && use !== 'access') throw refuse('refused');
  // The two kinds name the app client in different claims, and either may hold the other's claim with another meaning:
  // an access token bound to a resource server has an `aud` too.
  if (!rules.acceptsClient(use === 'id' ? claims['aud'] : claims['client_id'])) throw refuse('refused');
  if (!isNumericDate(exp) || !isNumericDate(nbf)) throw refuse('refused');
  const nowMs = rules.clock();
  if (nbf * 1000 > nowMs + rules.leewayMs) throw refuse('refused');
  // Last, because it tells a client to come back with a fresh token: only useful when nothing else is wrong.
  if (exp * 1000 + rules.leewayMs <= nowMs) throw refuse('expired');

  const groups = readGroups(claims['cognito:groups']);
  return Object.freeze({
    mode: 'AMAZON_COGNITO_USER_POOLS',
    authType: authTypes.AMAZON_COGNITO_USER_POOLS,
    context: Object.freeze({
      sub,
      issuer: rules.issuer,
      // A token of the client credentials flow belongs to a machine and has neither.
      username: claims['cognito:username'] ?? claims['username'] ?? null,
      claims,
      sourceIp,
      defaultAuthStrategy: rules.defaultAction,
      groups: groups.length > 0 ? groups : null,
    }),
    groups,
    subject: sub,
    expiresAtMs: exp * 1000,
    allowsField: null,
  });
}

/** Seconds since the epoch. `1e999` is JSON as well, and would be a token that never ends. */
function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function readGroups(value: JsonValue | undefined): readonly string[] {
  const groups = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return Object.freeze(groups.filter((group) => typeof group === 'string'));
}
