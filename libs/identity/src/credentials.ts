import { isJsonObject, lowerCaseHeaders } from '#libs/protocol';

/**
 * What a request says about itself, unverified. The same shape for an HTTP request, for the header object of AppSync's
 * WebSocket protocol and for the `connection_init` payload of graphql-transport-ws.
 */
export interface Credentials {
  /** Header names are lower-case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Addresses the request came through, client first, the TCP peer last. Proxies are trusted, or not, by the caller. */
  readonly sourceIp: readonly string[];
}

/**
 * Credentials from a header object of any origin. Clients spell names differently (`Authorization`, `authorization`), so
 * names are read without regard to case; of two spellings, and of a repeated header, the first counts. Values that are
 * no text are left out, and whatever is no object has no headers.
 */
export function readCredentials(source: unknown, sourceIp: readonly string[]): Credentials {
  return { headers: lowerCaseHeaders(isJsonObject(source) ? source : {}), sourceIp };
}

/**
 * The token in the `authorization` header: bare, as Amplify sends it, or after `Bearer `. Null when the header is missing
 * or blank, and when it holds a SigV4 signature, which is no token.
 */
export function readBearerToken(credentials: Credentials): string | null {
  const value = credentials.headers['authorization']?.trim() ?? '';
  const token = value.replace(/^bearer(\s+|$)/i, '');
  return token === '' || token.startsWith('AWS4-HMAC-SHA256') ? null : token;
}

/** The `x-api-key` header; null when it is missing or blank. */
export function readApiKey(credentials: Credentials): string | null {
  const value = credentials.headers['x-api-key']?.trim() ?? '';
  return value === '' ? null : value;
}
