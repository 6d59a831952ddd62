import type { Credentials } from '../credentials.js';
import { readBasic } from './signing-time.js';

/** Begins an `authorization` header that holds a proof by STS. */
export const stsScheme = 'starling-sts.';

/** The header, signed with the proof, that binds it to one API: no other server can use it as its own. */
export const stsApiHeader = 'x-starling-api';

/** A signed question to STS, "who am I?", that its caller lets us ask for them. */
export interface StsToken {
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly signedAtMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Longest proof, in characters. 8,192: one with a session token of AWS has about 2,500. */
const maxLength = 8_192;

/** Longest life of a proof, in seconds; STS itself takes no older one. */
const maxExpiresS = 900;

/** STS of every partition: the global address and one for each region. Other names there are others': `sts.s3` is anybody's bucket. */
const stsHost = /^sts(\.[a-z]+(-[a-z]+)+-\d{1,2})?\.amazonaws\.com(\.cn)?$/;

/** All that the question may consist of. Another parameter could make it another question. */
const parameterNames = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
  'x-id',
]);

/** True for credentials that are a proof by STS, good or not. */
export function isStsToken({ headers }: Credentials): boolean {
  return headers['authorization']?.trimStart().startsWith(stsScheme) ?? false;
}

/**
 * Reads a proof without asking anybody, so strictly that what is asked can only be `GetCallerIdentity` of STS. A text answers
 * what is wrong with it, for the log: it quotes nothing of it, for whoever has the proof can use it.
 *
 * @param endpoint another address than AWS's that proofs must be made for; null: AWS's
 */
export function readStsToken(value: string, endpoint: string | null): StsToken | string {
  if (value.length > maxLength) return `it has ${value.length} characters, more than ${maxLength}`;
  const url = parseUrl(Buffer.from(value.slice(stsScheme.length), 'base64url').toString('utf8'));
  if (url === null) return 'it is no address in base64url';
  const isTrusted = endpoint === null ? isAwsAddress(url) : url.origin === new URL(endpoint).origin;
  if (!isTrusted || url.pathname !== '/' || url.username !== '' || url.password !== '')
    return 'its address is not that of STS';

  const parameters = new Map<string, string>();
  for (const [name, text] of url.searchParams) {
    const lower = name.toLowerCase();
    if (!parameterNames.has(lower)) return 'it has a parameter that does not belong there';
    if (parameters.has(lower)) return `it has ${lower} twice`;
    parameters.set(lower, text);
  }
  const question = readQuestion(parameters);
  // The fragment is never sent; dropped, so that one proof has one spelling less.
  return typeof question === 'string' ? question : { ...question, url: `${url.origin}/${url.search}` };
}

function readQuestion(parameters: ReadonlyMap<string, string>): Omit<StsToken, 'url'> | string {
  if (parameters.get('action') !== 'GetCallerIdentity') return 'it does not ask for GetCallerIdentity';
  if (parameters.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') return 'it is not signed with AWS4-HMAC-SHA256';
  const signedHeaders = parameters.get('x-amz-signedheaders')?.split(';') ?? [];
  if (!signedHeaders.includes('host') || !signedHeaders.includes(stsApiHeader))
    return `host and ${stsApiHeader} are not both among its signed headers`;
  const expires = parameters.get('x-amz-expires') ?? '';
  if (!/^[1-9]\d{0,2}$/.test(expires) || Number(expires) > maxExpiresS)
    return `it is not good for 1 to ${maxExpiresS} seconds`;
  const signed = readBasic(parameters.get('x-amz-date') ?? '');
  if (signed === null) return 'it does not say when it was signed';
  return { signedAtMs: signed.atMs, expiresAtMs: signed.atMs + Number(expires) * 1_000 };
}

function isAwsAddress(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '' && stsHost.test(url.hostname);
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
