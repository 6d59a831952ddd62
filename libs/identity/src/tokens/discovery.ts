import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { fetchJson } from './fetch-json.js';

export interface DiscoveryOptions {
  /** The issuer's name, an address. The document is at `/.well-known/openid-configuration` below it. */
  readonly issuer: string;
  /**
   * Age from which the document is read again when the keys are, in milliseconds. Default 3,600,000 (1 h): the address of
   * the keys changes once in years, and an issuer that moves leaves the old address for longer than that.
   */
  readonly maxAgeMs?: number;
  /**
   * Longest time for the document, in milliseconds. Default 5,000: with the 5,000 for the keys below the 15 s after which
   * Amplify gives up a connect.
   */
  readonly timeoutMs?: number;
  /** Largest document, in bytes. Default 65,536: real ones have 1,000 to 10,000. */
  readonly maxBytes?: number;
  /** Monotonic milliseconds. Default `performance.now`. */
  readonly clock?: () => number;
  /** Called when the document could not be read again and the address that it had goes on serving. Must not throw. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * Finds the address of an issuer's keys (OpenID Connect Discovery 1.0, section 4). Throws while it is not known; once it
 * is, it stays known though the issuer be away. Throws at once on an issuer that is no plain http or https address.
 */
export function createDiscovery(options: DiscoveryOptions): () => Promise<string> {
  const { issuer, maxAgeMs = 3_600_000, timeoutMs = 5_000, maxBytes = 65_536 } = options;
  const { clock = () => performance.now(), onFailure } = options;
  checkIssuer(issuer);
  const url = `${withoutLastSlash(issuer)}/.well-known/openid-configuration`;
  let known: { readonly address: string; readonly readAtMs: number } | null = null;

  return async () => {
    if (known !== null && clock() - known.readAtMs < maxAgeMs) return known.address;
    try {
      const address = readKeysAddress(await fetchJson(url, { timeoutMs, maxBytes }), issuer);
      known = { address, readAtMs: clock() };
      return address;
    } catch (cause) {
      const failure = new Error(`The OpenID configuration ${url} could not be read.`, { cause });
      if (known === null) throw failure;
      onFailure?.(failure);
      return known.address;
    }
  };
}

/** True for one issuer spelled with and without a slash at its end, which issuers and their users mix up. */
export function isSameIssuer(one: JsonValue | undefined, other: string): boolean {
  return typeof one === 'string' && withoutLastSlash(one) === withoutLastSlash(other);
}

function readKeysAddress(document: JsonValue, issuer: string): string {
  const { issuer: named, jwks_uri: address } = isJsonObject(document) ? document : {};
  // Else whoever answers at that address could speak for the issuer (Discovery, section 4.3).
  if (!isSameIssuer(named, issuer)) throw new Error(`Its issuer is not ${issuer}.`);
  if (typeof address !== 'string' || !URL.canParse(address)) throw new Error('Its jwks_uri is no address.');
  const { protocol } = new URL(address);
  // Keys that anybody on the way could change are none, except where the issuer itself is reached so, such as a local one.
  if (protocol !== 'https:' && protocol !== new URL(issuer).protocol) throw new Error('Its jwks_uri is not https.');
  return address;
}

function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new Error(`The issuer "${issuer}" is no https address without query and fragment.`);
  }
}

function withoutLastSlash(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address;
}
