import type { JsonObject } from '#libs/protocol';

/** How a request proved who it is, in the words of `starling.yaml` and CloudFormation (AppSync reference, section 6). */
export type AuthMode = 'API_KEY' | 'AMAZON_COGNITO_USER_POOLS';

/** Who a request is, after verification. Made by a {@link Verifier} only, and frozen. */
export interface Identity {
  readonly mode: AuthMode;
  /** What `util.authType()` answers. */
  readonly authType: string;
  /** What resolvers see as `$ctx.identity`; null for an API key, which names nobody. */
  readonly context: JsonObject | null;
  /** Groups that `@aws_auth(cognito_groups: …)` tests. Empty where the mode has none. */
  readonly groups: readonly string[];
  /** Stable id of the person or machine, `sub` of a token; null for an API key. */
  readonly subject: string | null;
  /** When the credentials end, in milliseconds since the epoch; null when they do not. A connection may outlive it. */
  readonly expiresAtMs: number | null;
}

/** The texts of `util.authType()` (AppSync reference, section 6). */
export const authTypes: Readonly<Record<AuthMode, string>> = Object.freeze({
  API_KEY: 'API Key Authorization',
  AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
});
