import { signatureScheme } from '../credentials.js';
import type { Credentials } from '../credentials.js';
import { refuse } from '../refuse.js';
import type { Verifier } from '../verifier.js';
import type { IamAccessSource } from './iam-access.js';
import { createIamIdentity } from './iam-identity.js';
import { createSignatureCheck } from './signature-check.js';
import { createStsCheck } from './sts-check.js';
import type { StsOptions } from './sts-check.js';
import { isStsToken } from './sts-token.js';

export interface IamVerifierOptions {
  /** Whose signatures count, and what they allow. `createIamAccess` keeps one up to date with a file. */
  readonly access: IamAccessSource;
  /** Regions that a signature may be made for. Default null: any, because a server of one's own is in none. */
  readonly regions?: readonly string[] | null;
  /** Difference between a signer's clock and ours that is forgiven, in milliseconds. Default 300,000 (5 min), as in AWS. */
  readonly maxSkewMs?: number;
  /** Lets callers prove through AWS's STS who they are. Default null: such a proof counts as any other text in `authorization`. */
  readonly sts?: StsOptions | null;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Verifies AWS Signature Version 4 for the service `appsync`, over HTTP and in both WebSocket protocols, with the access keys
 * of a file; and proofs by STS, where that is asked for. Wrong signatures, unknown keys and skewed clocks get the same answer in
 * the same time; which it was is in the `cause`.
 *
 * A signature is good until its time is up, however often it comes: AWS takes it as often, and clients repeat a request as it
 * was after a 5xx.
 */
export function createIamVerifier(options: IamVerifierOptions): Verifier {
  const { access, regions = null, maxSkewMs = 300_000, clock = Date.now } = options;
  const checkSignature = createSignatureCheck({ access, regions, maxSkewMs, clock });
  const checkSts = options.sts ? createStsCheck({ ...options.sts, access, maxSkewMs, clock }) : null;

  return Object.freeze({
    mode: 'AWS_IAM',
    claims: (credentials) =>
      isSignature(credentials) || isPresigned(credentials) || (checkSts !== null && isStsToken(credentials)),
    async verify(credentials) {
      if (isPresigned(credentials)) {
        throw refuse(
          'missing',
          new Error('The signature is in the query (presigned); it must be in the authorization header.'),
        );
      }
      const prove = isSignature(credentials) ? checkSignature : checkSts;
      if (prove === null) throw refuse('missing');
      return createIamIdentity(await prove(credentials), credentials.sourceIp);
    },
  } satisfies Verifier);
}

function isSignature({ headers }: Credentials): boolean {
  const value = headers['authorization']?.trimStart() ?? '';
  return value.startsWith(signatureScheme);
}

/** No client of AppSync sends this form; known only so that the log can say what is wrong with it. */
function isPresigned({ headers, request }: Credentials): boolean {
  return headers['authorization'] === undefined && /(?:^|&)X-Amz-Signature=/.test(request?.queryString ?? '');
}
