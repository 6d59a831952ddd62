import { createHash } from 'node:crypto';
import type { SentRequest } from '../credentials.js';

/** The hash of nothing else than the exact text of a body, in lower-case hexadecimal. */
export function hashBody(body: string): string {
  return sha256Hex(body);
}

/**
 * The hash of the canonical request of SigV4, which is what is signed. Our own and not a signer's: a signer chooses which
 * headers it signs and reads an address that it is about to use, while here the client has chosen, and the query must be read
 * as it was sent. Throws `URIError` for a query that is no percent-encoded UTF-8.
 *
 * @param headers the values of the signed headers, in the order in which they were signed
 */
export function hashCanonicalRequest(
  { method, path, queryString }: SentRequest,
  headers: readonly (readonly [string, string])[],
  bodyHash: string,
): string {
  const lines = headers.map(([name, value]) => `${name}:${canonicalValue(value)}\n`).join('');
  const signedHeaders = headers.map(([name]) => name).join(';');
  return sha256Hex(
    [method, canonicalPath(path), canonicalQuery(queryString), lines, signedHeaders, bodyHash].join('\n'),
  );
}

/** Blanks around a value are not signed, and several are one. A line break counts as a blank, or a value could forge a line. */
function canonicalValue(value: string): string {
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** Without empty segments and dots, then encoded once more: the path of a request is encoded already, and only S3 signs it so. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const isFolder = segments.length > 0 && path.endsWith('/');
  return `/${segments.join('/')}${isFolder ? '/' : ''}`;
}

/** Decoded and encoded anew, because signers encode more than clients send; sorted by name, then by value. */
function canonicalQuery(queryString: string): string {
  if (queryString === '') return '';
  return queryString
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equalsAt = pair.indexOf('=');
      const name = equalsAt < 0 ? pair : pair.slice(0, equalsAt);
      return [recode(name), equalsAt < 0 ? '' : recode(pair.slice(equalsAt + 1))] as const;
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** A plus is a blank, as for whoever reads the query; signers that are given its values sign `%20`. */
function recode(text: string): string {
  return encode(decodeURIComponent(text.replaceAll('+', ' ')));
}

/** Everything but unreserved characters (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
