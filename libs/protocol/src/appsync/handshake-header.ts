import { createDictionary } from '../dictionary.js';
import { RequestError } from '../errors.js';
import { isJsonObject } from '../json.js';

const subprotocolPrefix = 'header-';

/** Where a WebSocket handshake may carry its credentials. */
export interface HandshakeSource {
  /** Offered subprotocols, `Sec-WebSocket-Protocol`. */
  readonly subprotocols: readonly string[];
  /** Raw query string of the request, without the question mark. */
  readonly query: string;
  /** Headers of the HTTP request, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The header object that authorises a handshake, names in lower case (AppSync reference, section 3.2). Looked for in this
 * order: the subprotocol `header-<base64url>`, the query parameter `header`, the request's own headers. Both base64 alphabets
 * are read, with or without padding; a `+` in the query is a plus, because older clients do not encode it.
 *
 * Throws a RequestError `BadRequestException` when a header object is there but can't be read; neither it nor its cause quotes the value.
 */
export function readHandshakeHeaders(source: HandshakeSource): Record<string, string> {
  const offered = source.subprotocols.filter((name) => name.startsWith(subprotocolPrefix));
  if (offered.length > 1)
    throw new RequestError('BAD_REQUEST', 'The handshake carries more than one header subprotocol.');
  const encoded = offered[0]?.slice(subprotocolPrefix.length) ?? queryParameter(source.query, 'header');
  return encoded === undefined ? lowerCaseHeaders(source.headers) : decodeHeaders(encoded);
}

function queryParameter(query: string, name: string): string | undefined {
  const found = query.split('&').filter((part) => part.startsWith(`${name}=`));
  if (found.length > 1)
    throw new RequestError('BAD_REQUEST', `The handshake carries the query parameter ${name} more than once.`);
  const value = found[0]?.slice(name.length + 1);
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new RequestError('BAD_REQUEST', `The query parameter ${name} is not URL-encoded text.`, { cause });
  }
}

const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function decodeHeaders(encoded: string): Record<string, string> {
  if (!base64.test(encoded)) throw new RequestError('BAD_REQUEST', 'The header of the handshake is not base64.');
  let decoded: unknown;
  try {
    // Buffer reads both alphabets under this name and does not ask for padding.
    decoded = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    // The parser's own error is dropped: it quotes the text, and with it the token.
    throw new RequestError('BAD_REQUEST', 'The header of the handshake is not base64 of JSON.');
  }
  if (!isJsonObject(decoded))
    throw new RequestError('BAD_REQUEST', 'The header of the handshake is not a JSON object.');
  return lowerCaseHeaders(decoded);
}

/**
 * Header names in lower case, string values only, without the prototype's names. Clients spell `Authorization` both ways;
 * of two spellings the first counts.
 */
export function lowerCaseHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const lower = createDictionary<string>();
  for (const [name, value] of Object.entries(headers)) {
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof text === 'string') lower[name.toLowerCase()] ??= text;
  }
  return lower;
}
