import type { JsonValue } from '#libs/protocol';
import type { Identity } from '../identity.js';

/** What a token's claims come to, once its signature and every rule held. */
export interface VerifiedClaims {
  /** First instant at which they hold, leeway included, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** First instant at which they no longer do, leeway included. */
  readonly untilMs: number;
  /** The identity for a request that came through these addresses. Cheap: only the addresses are new. */
  identify(sourceIp: readonly string[]): Identity;
}

/** Freezes a JSON value to its leaves: the claims of a token serve every request that carries it. */
export function freezeDeep<Value extends JsonValue>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}
