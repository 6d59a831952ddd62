import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/** Shortest RSA modulus that verifies anything, in bits (RFC 7518, section 3.3). */
const minModulusBits = 2_048;

export interface FetchLimits {
  /** Longest time for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest body, in bytes, after decompression. */
  readonly maxBytes: number;
}

/**
 * Reads the RS256 keys of a JSON Web Key Set by their key id. Only this address is asked: a redirect is a failure. Keys
 * of another kind are left out; a set without any of ours is a failure, so that a broken answer never empties a cache.
 */
export async function fetchSigningKeys(url: string, limits: FetchLimits): Promise<ReadonlyMap<string, KeyObject>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(limits.timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered with status ${response.status}.`);
  }
  const set = JSON.parse(await readText(response, url, limits.maxBytes)) as JsonValue;
  const entries = isJsonObject(set) && Array.isArray(set['keys']) ? (set['keys'] as readonly JsonValue[]) : [];
  const keys = new Map(entries.flatMap(readSigningKey));
  if (keys.size === 0) throw new Error(`${url} has no RS256 key of ${minModulusBits} bits or more.`);
  return keys;
}

/** Stops reading at the limit: the answer is counted as it comes, whatever its headers say. */
async function readText(response: Response, url: string, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by the throw cancels the body and frees its socket.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error(`${url} answered with more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One entry for a usable key, none for others. Only the public members are taken. */
function readSigningKey(entry: JsonValue): readonly [string, KeyObject][] {
  if (!isJsonObject(entry)) return [];
  const { kid, kty, use = 'sig', alg = 'RS256', n, e } = entry;
  if (kty !== 'RSA' || use !== 'sig' || alg !== 'RS256') return [];
  if (typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
  const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  const isLongEnough = (key.asymmetricKeyDetails?.modulusLength ?? 0) >= minModulusBits;
  return isLongEnough ? [[kid, key]] : [];
}
