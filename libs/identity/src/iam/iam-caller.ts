import type { IamPolicy } from './iam-policy.js';

/** Who signed, as far as it is known. */
export interface IamCaller {
  /** Shows who it is where no ARN is known: an access key id. */
  readonly id: string;
  readonly accountId: string | null;
  readonly userArn: string | null;
  readonly username: string | null;
}

/** Somebody who has proved who they are, and what they may access. */
export interface ProvedCaller {
  readonly caller: IamCaller;
  readonly policy: IamPolicy;
  /** What they may access from now on; null when what they proved themselves with is no longer good. */
  readonly currentPolicy: () => IamPolicy | null;
}
