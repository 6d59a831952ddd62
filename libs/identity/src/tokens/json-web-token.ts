import { isJsonObject } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { readBearerToken } from '../credentials.js';
import type { Credentials } from '../credentials.js';

/**
 * Longest token that is looked at, in characters. 16,384: a real one has 1,000 to 4,000, request headers end at 16 KiB
 * anyway, and a longer text is refused before any of it is decoded.
 */
export const maxTokenLength = 16_384;

/** A token's parts. Nothing in them is verified. */
export interface JsonWebToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signature: Buffer;
}

// Without the mark's removal that is TextDecoder's default: what is signed is read as it stands.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

let newest: { readonly token: string; readonly parsed: JsonWebToken | undefined } | undefined;

/**
 * The token of these credentials taken apart, as {@link readJsonWebToken} does it; undefined also where there is none. All
 * providers of an API look at the issuer of a token, one right after the other, to find whose it is: the newest token is
 * remembered so that it is taken apart once for all of them.
 */
export function readPresentedToken(credentials: Credentials): JsonWebToken | undefined {
  const token = readBearerToken(credentials);
  if (token === null) return undefined;
  if (newest?.token !== token) newest = { token, parsed: readJsonWebToken(token) };
  return newest.parsed;
}

/**
 * Takes a compact JSON Web Token apart, strictly: three parts, each in the one canonical base64url spelling, header and
 * claims being JSON objects in valid UTF-8. jose reads the same text; what passes here reads the same in both. Undefined
 * when the text is no token.
 */
export function readJsonWebToken(token: string): JsonWebToken | undefined {
  if (token.length > maxTokenLength) return undefined;
  const parts = token.split('.', 4);
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) return undefined;
  const signatureBytes = decodeCanonical(signature);
  if (signatureBytes === undefined) return undefined;
  const readHeader = readPart(header);
  const readClaims = readPart(claims);
  return readHeader && readClaims && { header: readHeader, claims: readClaims, signature: signatureBytes };
}

function readPart(part: string): JsonObject | undefined {
  const bytes = decodeCanonical(part);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    // The error is dropped on purpose: JSON.parse quotes its input, and that input is a credential.
    return undefined;
  }
}

const base64url = /^[A-Za-z0-9_-]*$/;

/** The characters that a part may end with: after two of its last four, the lowest four bits are none of the data's, after three two. */
const lastOf: Readonly<Partial<Record<number, string>>> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' };

/** The bytes, unless the text has padding, another alphabet, or stray bits at its end. An empty part is valid here. */
function decodeCanonical(part: string): Buffer | undefined {
  const rest = part.length % 4;
  if (rest !== 0 && !lastOf[rest]?.includes(part.at(-1)!)) return undefined;
  return base64url.test(part) ? Buffer.from(part, 'base64url') : undefined;
}
