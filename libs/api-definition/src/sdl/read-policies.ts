import { GraphQLInterfaceType, GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { FaultList } from '../fault.js';
import type { Authentication } from '../parts/authentication/authentication.js';
import { deepFreeze } from '../read-only.js';
import { awsDirectives } from './aws-directives.js';
import { readDirectives } from './directive-arguments.js';
import type { DirectiveUse } from './directive-arguments.js';
import type { AuthenticationType, FieldGrant, FieldPolicy } from './field-policy.js';
import { positionOfNode } from './read-schema.js';

/** Looks up who may read a field; see `ApiDefinition.policy`. */
export type PolicyLookup = (typeName: string, fieldName: string) => FieldPolicy;

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

/**
 * Works out the policy of every field (AppSync reference, section 5.3): the field's directives, else its type's, else the default
 * mode. Directives that contradict the API's authentication are faults where they would silently protect less than they say, and
 * warnings where they only let nobody in.
 */
export function readPolicies(
  schema: GraphQLSchema,
  file: string,
  authentication: Authentication,
  faults: FaultList,
  warnings: FaultList,
): PolicyLookup {
  const available = new Set(
    [authentication.default, ...authentication.additional].map((one) => one.authenticationType),
  );
  const byDefault = defaultPolicy(authentication);
  const policies = new Map<string, FieldPolicy>();
  const read = (nodes: Parameters<typeof readDirectives>[0]) => {
    const uses = readDirectives(nodes, authDirectives);
    checkUses(uses, authentication, available, file, faults, warnings);
    return uses.length === 0 ? undefined : deepFreeze({ grants: uses.map(toGrant) });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (!(type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType)) continue;
    const ofType = read([type.astNode, ...type.extensionASTNodes]);
    for (const field of Object.values(type.getFields())) {
      policies.set(`${type.name}.${field.name}`, read([field.astNode]) ?? ofType ?? byDefault);
    }
  }

  const open: FieldPolicy = deepFreeze({ grants: [...available].map((mode) => ({ mode, groups: null })) });
  return (typeName, fieldName) => {
    const policy =
      fieldName.startsWith('__') || typeName.startsWith('__') ? open : policies.get(`${typeName}.${fieldName}`);
    if (!policy) throw new RangeError(`The schema has no field ${typeName}.${fieldName}.`);
    return policy;
  };
}

function defaultPolicy({ default: provider }: Authentication): FieldPolicy {
  const isDenied =
    provider.authenticationType === 'AMAZON_COGNITO_USER_POOLS' && provider.userPoolConfig.defaultAction === 'DENY';
  return deepFreeze({ grants: isDenied ? [] : [{ mode: provider.authenticationType, groups: null }] });
}

function toGrant({ name, args }: DirectiveUse): FieldGrant {
  return { mode: modes[name]!, groups: groupsOf(args) };
}

function groupsOf(args: DirectiveUse['args']): readonly string[] | null {
  return (args.cognito_groups as readonly string[] | null | undefined) ?? null;
}

function checkUses(
  uses: readonly DirectiveUse[],
  authentication: Authentication,
  available: ReadonlySet<AuthenticationType>,
  file: string,
  faults: FaultList,
  warnings: FaultList,
): void {
  for (const { name, node, args } of uses) {
    const position = positionOfNode(node, file);
    const mode = modes[name]!;
    if (groupsOf(args)?.length === 0) {
      faults.add(position, `@${name} names no group`, 'Name the groups that may read it: (cognito_groups: ["…"])');
    }
    if (name === 'aws_auth') {
      const isOnlyMode = available.size === 1 && authentication.additional.length === 0 && available.has(mode);
      // AppSync documents the directive for this case only. Elsewhere the groups might go unchecked, which nobody who names them wants.
      if (!isOnlyMode) {
        const hint = 'Use @aws_cognito_user_pools(cognito_groups: […]), and name a user pool in starling.yaml';
        faults.add(position, '@aws_auth works only where AMAZON_COGNITO_USER_POOLS is the only authentication', hint);
      }
      if (uses.length > 1) {
        faults.add(position, '@aws_auth stands beside another authorization directive', 'Use one of them');
      }
    } else if (!available.has(mode)) {
      warnings.add(
        position,
        `@${name} lets nobody in: the API has no ${mode}`,
        `Add it to starling.yaml, or remove the directive`,
      );
    }
  }
}
