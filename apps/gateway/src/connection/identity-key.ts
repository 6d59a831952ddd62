import type { Identity } from '#libs/identity';

/**
 * The person or machine behind an identity, as a text that is equal for the same and for nobody else; null where the credentials
 * name nobody. A subject is unique for its issuer only.
 */
export function identityKey({ mode, subject, context }: Identity): string | null {
  return subject === null ? null : JSON.stringify([mode, context?.issuer ?? null, subject]);
}

/** True when both name the same person or machine, by the same kind of credentials. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  const key = identityKey(one);
  return key !== null && key === identityKey(other);
}
