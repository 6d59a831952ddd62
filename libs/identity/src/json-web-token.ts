import { isJsonObject } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { refuse } from './refuse.js';

/**
 * Longest token that is looked at, in characters. 16,384: a real one has 1,000 to 4,000, request headers end at 16 KiB
 * anyway, and a longer text is refused before any of it is decoded.
 */
const maxLength = 16_384;

/** A token's two readable parts. Nothing in it is verified. */
export interface JsonWebToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/**
 * Takes a compact JSON Web Token apart, strictly: three parts, each in the one canonical base64url spelling, header and
 * claims being JSON objects in valid UTF-8. Two libraries verify our tokens; what passes here reads the same in both.
 * Throws the `unparsable` refusal.
 */
export function parseJsonWebToken(token: string): JsonWebToken {
  const parsed = readJsonWebToken(token);
  if (parsed === undefined) throw refuse('unparsable');
  return parsed;
}

/** True for a text that {@link parseJsonWebToken} takes, whoever signed it. */
export function isJsonWebToken(token: string): boolean {
  return readJsonWebToken(token) !== undefined;
}

/** As {@link parseJsonWebToken}, for those who only ask: undefined when the text is no token. */
export function readJsonWebToken(token: string): JsonWebToken | undefined {
  if (token.length > maxLength) return undefined;
  const parts = token.split('.', 4);
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) return undefined;
  if (decodeCanonical(signature) === undefined) return undefined;
  const readHeader = readPart(header);
  const readClaims = readPart(claims);
  return readHeader && readClaims ? { header: readHeader, claims: readClaims } : undefined;
}

function readPart(part: string): JsonObject | undefined {
  const bytes = decodeCanonical(part);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    // The error is dropped on purpose: JSON.parse quotes its input, and that input is a credential.
    return undefined;
  }
}

/** The bytes, unless the text has padding, another alphabet, or stray bits at its end. An empty part is valid here. */
function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}
