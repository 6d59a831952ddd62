import { GraphQLInterfaceType, GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { FaultList } from '../fault.js';
import type { Authentication } from '../parts/authentication/authentication.js';
import { deepFreeze } from '../read-only.js';
import { readAuthDirectives } from './auth-directives.js';
import { checkInterface, checkUses, warnOfDeadEnd } from './check-auth-directives.js';
import type { DirectiveSurroundings } from './check-auth-directives.js';
import type { FieldPolicy } from './field-policy.js';

/** Looks up who may read a field; see `ApiDefinition.policy`. */
export type PolicyLookup = (typeName: string, fieldName: string) => FieldPolicy;

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
  const surroundings = surroundingsOf(schema, file, authentication, faults, warnings);
  const byDefault = defaultPolicy(authentication);
  const policies = new Map<string, FieldPolicy>();
  const read = (nodes: Parameters<typeof readAuthDirectives>[0]) => {
    const uses = readAuthDirectives(nodes);
    checkUses(uses, surroundings);
    return uses.length === 0
      ? undefined
      : deepFreeze({ grants: uses.map(({ mode, groups }) => ({ mode, groups: groups && [...groups] })) });
  };
  const types = Object.values(schema.getTypeMap()).filter(isPoliced);
  for (const type of types) {
    const ofType = read([type.astNode, ...type.extensionASTNodes]);
    for (const field of Object.values(type.getFields())) {
      policies.set(`${type.name}.${field.name}`, read([field.astNode]) ?? ofType ?? byDefault);
    }
  }

  const open: FieldPolicy = deepFreeze({ grants: [...surroundings.modes].map((mode) => ({ mode, groups: null })) });
  const lookup: PolicyLookup = (typeName, fieldName) => {
    const policy =
      fieldName.startsWith('__') || typeName.startsWith('__') ? open : policies.get(`${typeName}.${fieldName}`);
    if (!policy) throw new RangeError(`The schema has no field ${typeName}.${fieldName}.`);
    return policy;
  };
  for (const type of types) checkType(type, lookup, surroundings);
  return lookup;
}

function isPoliced(type: unknown): type is GraphQLObjectType | GraphQLInterfaceType {
  return (type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType) && !type.name.startsWith('__');
}

function surroundingsOf(
  schema: GraphQLSchema,
  file: string,
  { default: main, additional }: Authentication,
  faults: FaultList,
  warnings: FaultList,
): DirectiveSurroundings {
  const modes = new Set([main, ...additional].map((one) => one.authenticationType));
  const isSolePool = main.authenticationType === 'AMAZON_COGNITO_USER_POOLS' && additional.length === 0;
  return { schema, modes, isSolePool, file, faults, warnings };
}

function defaultPolicy({ default: provider }: Authentication): FieldPolicy {
  const isDenied =
    provider.authenticationType === 'AMAZON_COGNITO_USER_POOLS' && provider.userPoolConfig.defaultAction === 'DENY';
  return deepFreeze({ grants: isDenied ? [] : [{ mode: provider.authenticationType, groups: null }] });
}

/** What shows only when the policies of all types are known. */
function checkType(
  type: GraphQLObjectType | GraphQLInterfaceType,
  policyOf: PolicyLookup,
  surroundings: DirectiveSurroundings,
): void {
  for (const field of Object.values(type.getFields())) {
    if (type instanceof GraphQLInterfaceType) {
      checkInterface(type, field, readAuthDirectives([field.astNode]), policyOf, surroundings);
    } else {
      warnOfDeadEnd(type.name, field, policyOf, surroundings);
    }
  }
}
