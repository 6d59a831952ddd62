import { awsDirectives } from './aws-directives.js';
import { readDirectives } from './directive-arguments.js';
import type { DirectiveUse } from './directive-arguments.js';
import type { AuthenticationType, FieldGrant } from './field-policy.js';

const { aws_auth, aws_api_key, aws_iam, aws_oidc, aws_lambda, aws_cognito_user_pools } = awsDirectives;
const authDirectives = { aws_auth, aws_api_key, aws_iam, aws_oidc, aws_lambda, aws_cognito_user_pools };

const modes: Readonly<Record<string, AuthenticationType>> = {
  aws_auth: 'AMAZON_COGNITO_USER_POOLS',
  aws_cognito_user_pools: 'AMAZON_COGNITO_USER_POOLS',
  aws_api_key: 'API_KEY',
  aws_iam: 'AWS_IAM',
  aws_oidc: 'OPENID_CONNECT',
  aws_lambda: 'AWS_LAMBDA',
};

/** The directive that lets a mode in. */
export const directiveOfMode: Readonly<Record<AuthenticationType, string>> = {
  AMAZON_COGNITO_USER_POOLS: '@aws_cognito_user_pools',
  API_KEY: '@aws_api_key',
  AWS_IAM: '@aws_iam',
  OPENID_CONNECT: '@aws_oidc',
  AWS_LAMBDA: '@aws_lambda',
};

/** A directive that says who may read what it stands on. */
export interface AuthUse extends FieldGrant {
  readonly name: string;
  readonly node: DirectiveUse['node'];
}

/** The authorization directives on a type or field, in their order. The SDL must have been validated. */
export function readAuthDirectives(nodes: Parameters<typeof readDirectives>[0]): readonly AuthUse[] {
  return readDirectives(nodes, authDirectives).map(({ name, node, args }) => ({
    name,
    node,
    mode: modes[name]!,
    groups: (args.cognito_groups as readonly string[] | null | undefined) ?? null,
  }));
}
