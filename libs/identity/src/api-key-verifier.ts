import { hash, timingSafeEqual } from 'node:crypto';
import { readApiKey } from './credentials.js';
import { authTypes } from './identity.js';
import type { Identity } from './identity.js';
import { refuse } from './refuse.js';
import type { Verifier } from './verifier.js';

/** A key of the API. */
export interface ApiKey {
  /** Names the key in configuration faults and in the log; never sent to a client. */
  readonly id: string;
  /**
   * The secret that clients send as `x-api-key`. Any text; AppSync's own are `da2-` and 26 characters. Blanks around it do
   * not count: a secret that was read from a file often ends in a newline.
   */
  readonly key: string;
  /** First instant at which the key is refused, in milliseconds since the epoch. Default null: never. */
  readonly expiresAtMs?: number | null;
}

export interface ApiKeyVerifierOptions {
  /** Several keys allow rotation: clients move to the new one while the old one still works. */
  readonly keys: readonly ApiKey[];
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

interface Entry {
  readonly id: string;
  readonly digest: Buffer;
  readonly expiresAtMs: number | null;
  readonly identity: Identity;
}

/**
 * Verifies `x-api-key`. An unknown and an expired key get the same answer, and the comparison takes the same time
 * whatever was sent. Throws at once on a blank key, which would let in anybody who sends a blank header.
 */
export function createApiKeyVerifier(options: ApiKeyVerifierOptions): Verifier {
  const clock = options.clock ?? Date.now;
  // Keys of the API that were sent before, so that a digest is only made for others: it is most of what a request with a key
  // costs. Texts are looked up by V8's seeded hash, whose time says nothing of how near a wrong one is.
  const seen = new Map<string, readonly Entry[]>();
  const entries = options.keys.map(({ id, key, expiresAtMs = null }): Entry => {
    if (key.trim() === '') throw new Error(`API key "${id}" is blank.`);
    return { id, digest: sha256(key.trim()), expiresAtMs, identity: describe(expiresAtMs) };
  });

  return Object.freeze({
    mode: 'API_KEY',
    claims: (credentials) => readApiKey(credentials) !== null,
    async verify(credentials) {
      const sent = readApiKey(credentials);
      if (sent === null) throw refuse('missing');
      const found = seen.get(sent) ?? find(sent);
      // A key listed twice works while either entry does.
      let reason = 'The API has no such key.';
      for (const { id, expiresAtMs, identity } of found) {
        if (expiresAtMs === null || clock() < expiresAtMs) return identity;
        reason = `The API key "${id}" has expired at ${new Date(expiresAtMs).toISOString()}.`;
      }
      throw refuse('refused', new Error(reason));
    },
  } satisfies Verifier);

  function find(sent: string): readonly Entry[] {
    // Digests have one length, so the compare needs no early exit; all keys are compared, so that time does not tell
    // which one is near.
    const digest = sha256(sent);
    const found = entries.filter((entry) => timingSafeEqual(entry.digest, digest));
    if (found.length > 0) seen.set(sent, found);
    return found;
  }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function describe(expiresAtMs: number | null): Identity {
  return Object.freeze({
    mode: 'API_KEY',
    authType: authTypes.API_KEY,
    context: null,
    groups: Object.freeze([]),
    subject: null,
    expiresAtMs,
    allowsField: null,
  });
}
