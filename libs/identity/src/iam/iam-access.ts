import { createHmac } from 'node:crypto';
import { compileIamPolicy } from './iam-policy.js';
import type { FieldPattern, IamPolicy } from './iam-policy.js';

/** Who may call an API under AWS_IAM, and what: the contents of an access file (docs/reference/iam.md). */
export interface IamAccess {
  /** By access key id. */
  readonly keys: ReadonlyMap<string, IamAccessKey>;
  readonly principals: readonly IamPrincipal[];
  /** Every entry of `allow` and `deny`, in the order of the file. */
  readonly patterns: readonly WrittenPattern[];
}

/** A pattern, and where it stands. */
export interface WrittenPattern extends FieldPattern {
  /** Counts from 1. */
  readonly line: number;
  /** `accessKeys[0].allow[1]`. */
  readonly place: string;
}

/** Where a verifier finds the access that counts at the moment. */
export interface IamAccessSource {
  current(): IamAccess;
}

/** An access key whose signatures this process can verify. Its secrets cannot be read from it, so that no log shows them. */
export interface IamAccessKey {
  readonly accessKeyId: string;
  /** Null when unknown. */
  readonly userArn: string | null;
  /** Null when unknown. */
  readonly username: string | null;
  /** Null when unknown. */
  readonly accountId: string | null;
  readonly policy: IamPolicy;
  /** SHA-256 of the session token that must come with signatures; null when none may. */
  readonly sessionTokenDigest: Buffer | null;
  /** The key that signs in this scope: SigV4's chain of HMACs over date (`YYYYMMDD`), region and service. */
  readonly signingKey: (date: string, region: string) => Buffer;
}

/** Somebody whom STS knows by an ARN. */
export interface IamPrincipal {
  /** As it was written: an ARN with wildcards. */
  readonly userArn: string;
  readonly matchesArn: (userArn: string) => boolean;
  readonly allow: readonly FieldPattern[];
  readonly deny: readonly FieldPattern[];
}

/** The service in a signature's scope. */
export const signingService = 'appsync';

/** Signing keys that are kept for an access key: two dates around midnight, and some regions. */
const maxKeptSigningKeys = 8;

/** The secret stays inside; the last signing keys are kept, because a key is good for a day and costs four HMACs. */
export function createSigningKeys(secretAccessKey: string): IamAccessKey['signingKey'] {
  const kept = new Map<string, Buffer>();
  return (date, region) => {
    const scope = `${date}/${region}`;
    const known = kept.get(scope);
    if (known !== undefined) return known;
    const chain = [date, region, signingService, 'aws4_request'];
    const key = chain.reduce<Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    );
    if (kept.size >= maxKeptSigningKeys) kept.clear();
    kept.set(scope, key);
    return key;
  };
}

/**
 * The policy of somebody whom STS named: all entries that match the ARN together. Their allows add up, and a `deny` of one
 * wins over the allows of all. Nobody matches: nothing is allowed.
 */
export function policyOfPrincipal(access: IamAccess, userArn: string): IamPolicy {
  const matching = access.principals.filter(({ matchesArn }) => matchesArn(userArn));
  return compileIamPolicy(
    matching.flatMap(({ allow }) => allow),
    matching.flatMap(({ deny }) => deny),
  );
}
