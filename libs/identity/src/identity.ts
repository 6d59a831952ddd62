import type { JsonObject } from '#libs/protocol';

/** How a request proved who it is, in the words of `starling.yaml` and CloudFormation (AppSync reference, section 6). */
export type AuthMode = 'API_KEY' | 'AWS_IAM' | 'AMAZON_COGNITO_USER_POOLS' | 'OPENID_CONNECT' | 'AWS_LAMBDA';

/** Who a request is, after verification. Made by a {@link Verifier} only, and frozen. */
export interface Identity {
  readonly mode: AuthMode;
  /** What `util.authType()` answers. */
  readonly authType: string;
  /** What resolvers see as `$ctx.identity`; null for an API key, which names nobody. */
  readonly context: JsonObject | null;
  /** Groups that `@aws_auth(cognito_groups: …)` tests. Empty where the mode has none. */
  readonly groups: readonly string[];
  /**
   * Stable id of the person or machine: `sub` of a token, the ARN of a signer. Null where the credentials name nobody: an API
   * key, and the opaque token of a Lambda authoriser.
   */
  readonly subject: string | null;
  /** When the credentials end, in milliseconds since the epoch; null when they do not. A connection may outlive it. */
  readonly expiresAtMs: number | null;
  /**
   * What the credentials themselves let their bearer access, beside the schema's directives: an IAM policy, or the
   * `deniedFields` of a Lambda authoriser. Null: everything. Answers the same for the same field every time.
   */
  readonly allowsField: ((typeName: string, fieldName: string) => boolean) | null;
  /**
   * The same caller with what their credentials allow at the moment; null once those were withdrawn. Absent where credentials
   * stay what they are until they end.
   */
  readonly current?: () => Identity | null;
}

/** The texts of `util.authType()` (AppSync reference, section 6). */
export const authTypes: Readonly<Record<AuthMode, string>> = Object.freeze({
  API_KEY: 'API Key Authorization',
  AWS_IAM: 'IAM Authorization',
  AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
  OPENID_CONNECT: 'Open ID Connect Authorization',
  AWS_LAMBDA: 'Lambda Authorization',
});
