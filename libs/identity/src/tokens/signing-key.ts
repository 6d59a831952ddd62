import { createPublicKey } from 'node:crypto';
import type { JsonWebKeyInput, KeyObject } from 'node:crypto';
import { isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { algorithmsOf } from './signature-algorithm.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** Shortest RSA modulus that verifies anything, in bits (RFC 7518, section 3.3). */
const minModulusBits = 2_048;

/** A public key of an issuer, and what it may be used for. */
export interface SigningKey {
  readonly key: KeyObject;
  /** What fits the key's own type and, if the issuer named one, its `alg`. A token of another algorithm is not this key's. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Of an RSA key; null for others. */
  readonly modulusBits: number | null;
}

/**
 * The usable keys of a JSON Web Key Set by their key id. Keys of other kinds, for encryption, without an id or too short are
 * left out, as are secrets: only public members are read.
 */
export function readSigningKeys(set: JsonValue): ReadonlyMap<string, SigningKey> {
  const entries = isJsonObject(set) && Array.isArray(set['keys']) ? (set['keys'] as readonly JsonValue[]) : [];
  return new Map(entries.flatMap(readEntry));
}

/** True when both verify the same signatures, though they were read at different times. */
export function isSameKey(one: SigningKey, other: SigningKey): boolean {
  return one.key.equals(other.key) && one.algorithms.join() === other.algorithms.join();
}

/** One entry for a usable key, none for others. */
function readEntry(jwk: JsonValue): readonly [string, SigningKey][] {
  if (!isJsonObject(jwk)) return [];
  const { kid, kty, crv, use = 'sig', alg, key_ops: operations } = jwk;
  if (typeof kid !== 'string' || use !== 'sig') return [];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return [];
  const algorithms = algorithmsOf(kty, crv).filter((name) => alg === undefined || alg === name);
  const key = algorithms.length > 0 ? createKey(jwk) : null;
  if (key === null) return [];
  const modulusBits = key.asymmetricKeyDetails?.modulusLength ?? null;
  return [[kid, Object.freeze({ key, algorithms: Object.freeze(algorithms), modulusBits })]];
}

function createKey({ kty, crv, n, e, x, y }: JsonObject): KeyObject | null {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKeyInput['key'], format: 'jwk' });
  } catch {
    // No key at all, such as a point that is not on its curve. What is wrong with it is its issuer's to find; the keys beside
    // it serve, and a set without any is told of where it is read.
    return null;
  }
  const { modulusLength = minModulusBits } = key.asymmetricKeyDetails ?? {};
  return modulusLength >= minModulusBits ? key : null;
}
