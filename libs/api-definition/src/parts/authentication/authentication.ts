import type { LambdaTarget } from '../lambda-target.js';

/** How requests prove who they are (AppSync reference, section 6). */
export interface Authentication {
  /** Applies to every field without a directive. */
  readonly default: AuthenticationProvider;
  /** Apply only to fields and types whose directives name their mode. */
  readonly additional: readonly AuthenticationProvider[];
}

/** One way in which requests prove who they are. API_KEY, AWS_IAM and AWS_LAMBDA occur once at most, the others once per issuer. */
export type AuthenticationProvider =
  ApiKeyProvider | IamProvider | UserPoolProvider | OpenIdConnectProvider | LambdaAuthorizerProvider;

export interface ApiKeyProvider {
  readonly authenticationType: 'API_KEY';
  readonly apiKeys: readonly ApiKey[];
}

export interface ApiKey {
  /** For logs and metrics; the key itself never goes there. */
  readonly id: string;
  readonly key: string;
  /** Milliseconds since 1970. Null: never. */
  readonly expiresAtMs: number | null;
}

/** Has nothing here: who may sign, and what they may do, is known to the processes that verify signatures. */
export interface IamProvider {
  readonly authenticationType: 'AWS_IAM';
}

export interface UserPoolProvider {
  readonly authenticationType: 'AMAZON_COGNITO_USER_POOLS';
  readonly userPoolConfig: UserPoolConfig;
}

export interface UserPoolConfig {
  readonly userPoolId: string;
  readonly awsRegion: string;
  /** Of fields without a directive. Default ALLOW. */
  readonly defaultAction: 'ALLOW' | 'DENY';
  /** Matched against the whole id of the app client. Null: any client of the pool. */
  readonly appIdClientRegex: string | null;
}

export interface OpenIdConnectProvider {
  readonly authenticationType: 'OPENID_CONNECT';
  readonly openIDConnectConfig: OpenIdConnectConfig;
}

export interface OpenIdConnectConfig {
  /** An https address, or an http address of this machine, as it was written. No two providers have the same but for slashes at its end. */
  readonly issuer: string;
  /** Matched against the whole id of the client. Null: any client of the issuer. */
  readonly clientId: string | null;
  /** How long a token is good after it was issued, in milliseconds. Null: until it expires. */
  readonly iatTtlMs: number | null;
  /** How long a token is good after its user signed in, in milliseconds. Null: until it expires. */
  readonly authTtlMs: number | null;
}

export interface LambdaAuthorizerProvider {
  readonly authenticationType: 'AWS_LAMBDA';
  readonly lambdaAuthorizerConfig: LambdaAuthorizerConfig;
}

export interface LambdaAuthorizerConfig {
  readonly authorizer: LambdaTarget;
  /** How long an answer is good that does not say so itself, in seconds, up to 3600. Default 0: for its request only. */
  readonly authorizerResultTtlInSeconds: number;
  /** Matched against the whole token; another is refused, and the function is not asked. Null: any token will do. */
  readonly identityValidationExpression: string | null;
}
