import { createHash } from 'node:crypto';
import { RequestError } from '#libs/protocol';
import type { Credentials } from '../credentials.js';
import { refuse } from '../refuse.js';
import { askSts } from './ask-sts.js';
import type { StsCaller } from './ask-sts.js';
import { policyOfPrincipal } from './iam-access.js';
import type { IamAccessSource } from './iam-access.js';
import { createProofCache } from './proof-cache.js';
import type { ProvedCaller } from './iam-caller.js';
import { readStsToken } from './sts-token.js';
import type { StsToken } from './sts-token.js';

export interface StsOptions {
  /** What callers must have signed as `x-starling-api`: a name that no other server of theirs has. */
  readonly apiName: string;
  /** Address of a service that stands in for STS; proofs must then be made for it. Default null: AWS's own, in any region. */
  readonly endpoint?: string | null;
  /** Longest time for one question, in milliseconds. Default 5,000: below the 15 s after which Amplify gives up a connect. */
  readonly timeoutMs?: number;
  /** Largest answer, in bytes. Default 16,384: a real one has about 400. */
  readonly maxBytes?: number;
  /**
   * Questions that wait for an answer at one time; who comes on top is told to come again. Default 64: proofs that anybody can
   * make up cost STS and us no more than that.
   */
  readonly maxPending?: number;
  /** Proofs whose answer is kept, good and refused ones apart. Default 1,000 each, about 1 MB. */
  readonly maxCached?: number;
}

export interface StsCheckOptions extends StsOptions {
  readonly access: IamAccessSource;
  readonly maxSkewMs: number;
  readonly clock: () => number;
}

/**
 * The check of a proof by STS: AWS alone can verify a signature made with keys that it gave out, so the caller signs the
 * question who they are and we have it answered. One question serves all who wait for it, and its answer as long as the
 * proof lives. The rights are those of the principals that match at the moment.
 */
export function createStsCheck(options: StsCheckOptions): (credentials: Credentials) => Promise<ProvedCaller> {
  const { apiName, access, maxSkewMs, clock, endpoint = null } = options;
  const { timeoutMs = 5_000, maxBytes = 16_384, maxPending = 64, maxCached = 1_000 } = options;
  const proved = createProofCache<StsCaller>({ maxEntries: maxCached, clock });
  // Apart, so that made-up proofs push out no good one.
  const disproved = createProofCache<string>({ maxEntries: maxCached, clock });
  const pending = new Map<string, Promise<StsCaller | string>>();

  async function ask(digest: string, token: StsToken): Promise<StsCaller | string> {
    const answer = await askSts(token.url, { apiName, timeoutMs, maxBytes });
    if (typeof answer === 'string') disproved.set(digest, answer, token.expiresAtMs);
    else proved.set(digest, answer, token.expiresAtMs);
    return answer;
  }

  async function findCaller(digest: string, token: StsToken): Promise<StsCaller | string> {
    const known = proved.get(digest) ?? disproved.get(digest);
    if (known !== undefined) return known;
    let question = pending.get(digest);
    if (question === undefined) {
      if (pending.size >= maxPending) throw new Error(`${maxPending} questions to STS are waiting already.`);
      question = ask(digest, token).finally(() => pending.delete(digest));
      pending.set(digest, question);
    }
    return question;
  }

  return async ({ headers }) => {
    const value = headers['authorization']?.trim() ?? '';
    const token = readStsToken(value, endpoint);
    if (typeof token === 'string') throw refused(`The proof by STS cannot be used: ${token}.`);
    const nowMs = clock();
    if (token.signedAtMs > nowMs + maxSkewMs) throw refused('The proof by STS was signed in the future.');
    if (token.expiresAtMs <= nowMs) throw refuse('expired', new Error('The proof by STS has expired.'));

    const digest = createHash('sha256').update(token.url).digest('base64');
    const answer = await findCaller(digest, token).catch((cause: unknown) => {
      throw new RequestError('INTERNAL_FAILURE', 'Credentials cannot be verified at the moment.', { cause });
    });
    if (typeof answer === 'string') throw refused(`${answer}.`);
    const { accountId, userArn, userId } = answer;
    return {
      caller: { id: userArn, accountId, userArn, username: userId },
      policy: policyOfPrincipal(access.current(), userArn),
      currentPolicy: () => policyOfPrincipal(access.current(), userArn),
    };
  };
}

function refused(reason: string): Error {
  return refuse('refused', new Error(reason));
}
