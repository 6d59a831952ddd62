import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { signatureScheme } from '../credentials.js';
import type { Credentials } from '../credentials.js';
import { refuse } from '../refuse.js';
import { hashBody, hashCanonicalRequest } from './canonical-request.js';
import { createSigningKeys } from './iam-access.js';
import type { IamAccessKey, IamAccessSource } from './iam-access.js';
import type { ProvedCaller } from './iam-caller.js';
import { compileIamPolicy } from './iam-policy.js';
import type { IamPolicy } from './iam-policy.js';
import { readSignatureHeader } from './signature-header.js';
import type { SignatureHeader } from './signature-header.js';
import { readSigningTime } from './signing-time.js';

export interface SignatureCheckOptions {
  readonly access: IamAccessSource;
  readonly regions: readonly string[] | null;
  readonly maxSkewMs: number;
  readonly clock: () => number;
}

/** Signs in place of an unknown access key, so that its refusal takes as long as that of a wrong signature. */
const nobody: IamAccessKey = Object.freeze({
  accessKeyId: '',
  userArn: null,
  username: null,
  accountId: null,
  policy: compileIamPolicy([], []),
  sessionTokenDigest: null,
  signingKey: createSigningKeys(randomBytes(32).toString('hex')),
});

/** The check of a SigV4 signature against the access keys that count at the moment. Throws the one refusal for whatever is wrong. */
export function createSignatureCheck(options: SignatureCheckOptions): (credentials: Credentials) => ProvedCaller {
  const { access, regions, maxSkewMs, clock } = options;

  function checkScope(header: SignatureHeader, headers: Credentials['headers']): string {
    if (regions !== null && !regions.includes(header.region))
      throw refused('It is signed for a region that is not ours.');
    const time = readSigningTime(headers);
    if (time === null) throw refused('Neither x-amz-date nor date says when it was signed.');
    const skewMs = time.atMs - clock();
    if (Math.abs(skewMs) > maxSkewMs) {
      const direction = skewMs < 0 ? 'ago' : 'ahead';
      throw refused(
        `It was signed ${Math.round(Math.abs(skewMs) / 1_000)} s ${direction}; ${maxSkewMs / 1_000} s are allowed.`,
      );
    }
    if (!time.text.startsWith(header.date)) throw refused('The date in its scope is not the date of the request.');
    return time.text;
  }

  return ({ headers, request }) => {
    if (request === null) throw refused('The request that it signs is not known here.');
    const header = readSignatureHeader(headers['authorization']?.trim() ?? '');
    if (typeof header === 'string') throw refused(`The signature cannot be read: ${header}.`);
    const time = checkScope(header, headers);
    const bodyHash = hashBody(request.body);
    if ((headers['x-amz-content-sha256']?.trim() ?? bodyHash) !== bodyHash) {
      throw refused('x-amz-content-sha256 is not the hash of the body.');
    }

    const known = access.current().keys.get(header.accessKeyId);
    const key = known ?? nobody;
    const requestHash = hashRequest(request, signedValues(header, headers), bodyHash);
    const signed = createHmac('sha256', key.signingKey(header.date, header.region))
      .update(`${signatureScheme}\n${time}\n${header.scope}\n${requestHash}`)
      .digest();
    const isSame = timingSafeEqual(signed, header.signature);
    const isTokenRight = hasSessionToken(key, headers['x-amz-security-token']);
    if (known === undefined) throw refused(`The access key ${header.accessKeyId} is not known.`);
    if (!isSame) throw refused(`The signature of access key ${known.accessKeyId} does not match the request.`);
    if (!isTokenRight) throw refused(`The session token is not the one of access key ${known.accessKeyId}.`);
    const currentPolicy = (): IamPolicy | null => {
      const now = access.current().keys.get(known.accessKeyId);
      return now !== undefined && isSameKey(known, now) ? now.policy : null;
    };
    return { caller: { ...known, id: known.accessKeyId }, policy: known.policy, currentPolicy };
  };
}

/** False for a key whose secret was replaced, or that is somebody else's now. */
function isSameKey(before: IamAccessKey, now: IamAccessKey): boolean {
  if (before === now) return true;
  const proofOf = ({ signingKey, sessionTokenDigest, userArn, username, accountId }: IamAccessKey): string =>
    JSON.stringify([
      // Of any scope: it shows whether the secrets are the same, which cannot be read.
      signingKey('20000101', 'any').toString('base64'),
      sessionTokenDigest?.toString('base64') ?? null,
      userArn,
      username,
      accountId,
    ]);
  return proofOf(before) === proofOf(now);
}

function signedValues(
  header: SignatureHeader,
  headers: Credentials['headers'],
): readonly (readonly [string, string])[] {
  return header.signedHeaders.map((name) => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value === undefined) throw refused(`The header ${name} is signed and was not sent.`);
    return [name, value] as const;
  });
}

function hashRequest(...parts: Parameters<typeof hashCanonicalRequest>): string {
  try {
    return hashCanonicalRequest(...parts);
  } catch (error) {
    if (error instanceof URIError) throw refused('Its query is no percent-encoded UTF-8.');
    throw error;
  }
}

/** A token where none belongs is refused too: whoever sends one means other credentials than ours. */
function hasSessionToken({ sessionTokenDigest }: IamAccessKey, sent: string | undefined): boolean {
  if (sent === undefined || sessionTokenDigest === null) return sent === undefined && sessionTokenDigest === null;
  return timingSafeEqual(sessionTokenDigest, createHash('sha256').update(sent.trim()).digest());
}

/** One text for the client, whatever was wrong; the log has the reason. */
function refused(reason: string): Error {
  return refuse('refused', new Error(reason));
}
