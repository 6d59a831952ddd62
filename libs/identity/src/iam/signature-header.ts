import { signatureScheme } from '../credentials.js';
import { signingService } from './iam-access.js';

/** What an `authorization` header of SigV4 says. Nothing in it is verified. */
export interface SignatureHeader {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  /** Date, region, service and terminator, as they are signed. */
  readonly scope: string;
  /** Lower-case, sorted, without repetitions, `host` among them. */
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

/**
 * Longest header that is looked at, in characters. 4,096: a real one has about 300, and 4,096 still names a hundred signed
 * headers.
 */
const maxLength = 4_096;

/** An access key id, in an access file as on the wire: AWS's own have 16 to 128 letters and digits. */
export const accessKeyIdPattern = /^\w{1,128}$/;

const names = ['Credential', 'SignedHeaders', 'Signature'] as const;

/**
 * Takes the header apart, strictly: the three parts, each once, and nothing else. A text answers what is wrong with it, for the
 * log: it quotes nothing but names and the scope.
 */
export function readSignatureHeader(value: string): SignatureHeader | string {
  if (value.length > maxLength)
    return `the authorization header has ${value.length} characters, more than ${maxLength}`;
  const parts = readParts(value.slice(signatureScheme.length));
  if (parts === null) return `the authorization header is not Credential, SignedHeaders and Signature, each once`;
  const { Credential: credential, SignedHeaders: signedHeaders, Signature: signature } = parts;

  const [accessKeyId = '', date = '', region = '', service, terminator, ...rest] = credential.split('/');
  if (!accessKeyIdPattern.test(accessKeyId)) return 'its access key id is none';
  if (!/^\d{8}$/.test(date) || !/^[a-z0-9-]{1,64}$/.test(region) || terminator !== 'aws4_request' || rest.length > 0)
    return 'its credential scope is not <date>/<region>/appsync/aws4_request';
  if (service !== signingService) return `it is signed for another service than ${signingService}`;

  const headers = signedHeaders.split(';');
  if (
    !headers.every(
      (name, at) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && (at === 0 || name > (headers[at - 1] ?? '')),
    )
  )
    return 'its signed headers are not in lower case, sorted and each once';
  if (!headers.includes('host')) return 'host is not among its signed headers';
  if (!/^[0-9a-f]{64}$/.test(signature)) return 'its signature is not 64 hexadecimal digits';

  const scope = `${date}/${region}/${service}/${terminator}`;
  return { accessKeyId, date, region, scope, signedHeaders: headers, signature: Buffer.from(signature, 'hex') };
}

type Parts = Readonly<Record<(typeof names)[number], string>>;

/** `Credential=…, SignedHeaders=…, Signature=…` in any order, with or without blanks after the commas. */
function readParts(text: string): Parts | null {
  if (!/^\s/.test(text)) return null;
  const parts = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)=(\S+)\s*$/.exec(part) ?? [];
    if (!names.some((known) => known === name) || parts.has(name)) return null;
    parts.set(name, value);
  }
  const [Credential, SignedHeaders, Signature] = names.map((name) => parts.get(name));
  if (Credential === undefined || SignedHeaders === undefined || Signature === undefined) return null;
  return { Credential, SignedHeaders, Signature };
}
