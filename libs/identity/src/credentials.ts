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
  /** What the credentials came with. Null where that is not known; then a signature can't be verified, nor an authoriser asked. */
  readonly request: SentRequest | null;
}

/**
 * The request that credentials came with, as its client made it: what a SigV4 signature covers, and what a Lambda authoriser is
 * told of (AppSync reference, sections 3.2 and 6).
 */
export interface SentRequest {
  /** `connect` for a handshake or `connection_init`, which asks for nothing yet. */
  readonly kind: 'connect' | 'operation';
  readonly method: 'GET' | 'POST';
  /** Path of the signed URL, percent-encoded as it was sent: `/graphql`; for a handshake `/graphql/connect`. */
  readonly path: string;
  /** Without the question mark, as it was sent. Empty where there is none, and for everything on a WebSocket. */
  readonly queryString: string;
  /** The exact text of the body; of a `start` its `payload.data`; of a handshake `{}`. */
  readonly body: string;
  /** Under which the log has the request. */
  readonly requestId: string;
}

/**
 * Credentials from a header object of any origin. Clients spell names differently (`Authorization`, `authorization`), so
 * names are read without regard to case; of two spellings, and of a repeated header, the first counts. Values that are
 * no text are left out, and whatever is no object has no headers.
 */
export function readCredentials(
  source: unknown,
  sourceIp: readonly string[],
  request: SentRequest | null = null,
): Credentials {
  return { headers: lowerCaseHeaders(isJsonObject(source) ? source : {}), sourceIp, request };
}

/**
 * What a client signs to open a WebSocket: POST of `{}` to the endpoint's path with `/connect` behind it, whatever it asked the
 * server for (AppSync reference, section 3.2).
 */
export function connectRequest(graphqlPath: string, requestId: string): SentRequest {
  return { kind: 'connect', method: 'POST', path: `${graphqlPath}/connect`, queryString: '', body: '{}', requestId };
}

/** What a client signs to start a subscription: POST of the operation's exact text to the endpoint's path. */
export function startRequest(graphqlPath: string, body: string, requestId: string): SentRequest {
  return { kind: 'operation', method: 'POST', path: graphqlPath, queryString: '', body, requestId };
}

/** A request over HTTP, as it was sent. `url` is its path with the query string. */
export function httpRequest(method: 'GET' | 'POST', url: string, body: string, requestId: string): SentRequest {
  const queryAt = url.indexOf('?');
  const [path, queryString] = queryAt < 0 ? [url, ''] : [url.slice(0, queryAt), url.slice(queryAt + 1)];
  return { kind: 'operation', method, path, queryString, body, requestId };
}

/**
 * The token in the `authorization` header: bare, as Amplify sends it, or after `Bearer `. Null when the header is missing
 * or blank, and when it holds a SigV4 signature, which is no token.
 */
export function readBearerToken(credentials: Credentials): string | null {
  const value = credentials.headers['authorization']?.trim() ?? '';
  const token = value.replace(/^bearer(\s+|$)/i, '');
  return token === '' || token.startsWith(signatureScheme) ? null : token;
}

/** The scheme with which an `authorization` header begins that holds a SigV4 signature. */
export const signatureScheme = 'AWS4-HMAC-SHA256';

/** The `x-api-key` header; null when it is missing or blank. */
export function readApiKey(credentials: Credentials): string | null {
  const value = credentials.headers['x-api-key']?.trim() ?? '';
  return value === '' ? null : value;
}
