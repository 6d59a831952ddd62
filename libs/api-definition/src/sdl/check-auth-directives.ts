import { getNamedType, isAbstractType, isCompositeType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLSchema } from 'graphql';
import type { FaultList } from '../fault.js';
import { directiveOfMode } from './auth-directives.js';
import type { AuthUse } from './auth-directives.js';
import type { AuthenticationType, FieldGrant, FieldPolicy } from './field-policy.js';
import { positionOfNode } from './read-schema.js';

/** What directives are checked against, and where faults go. */
export interface DirectiveSurroundings {
  readonly schema: GraphQLSchema;
  /** The modes of the API. */
  readonly modes: ReadonlySet<AuthenticationType>;
  /** True where a user pool is the only way to authenticate, and there is one. */
  readonly isSolePool: boolean;
  /** Name of the SDL file. */
  readonly file: string;
  readonly faults: FaultList;
  readonly warnings: FaultList;
}

/** Reports directives that contradict the API's modes, or each other. */
export function checkUses(uses: readonly AuthUse[], surroundings: DirectiveSurroundings): void {
  const { modes, isSolePool, file, faults, warnings } = surroundings;
  for (const { name, node, mode, groups } of uses) {
    const fault = (message: string, hint: string) => faults.add(positionOfNode(node, file), message, hint);
    if (groups?.length === 0) {
      fault(`@${name} names no group`, 'Name the groups that may read it: (cognito_groups: ["…"])');
    }
    if (name === 'aws_auth') {
      // AppSync documents the directive for this case only. Elsewhere the groups might go unchecked, which nobody who names them wants.
      if (!isSolePool) {
        const hint = 'Use @aws_cognito_user_pools(cognito_groups: […]), and name a user pool in starling.yaml';
        fault('@aws_auth works only where AMAZON_COGNITO_USER_POOLS is the only authentication', hint);
      }
      if (uses.length > 1) fault('@aws_auth stands beside another authorization directive', 'Use one of them');
    } else if (!modes.has(mode) && groups !== null) {
      fault(`@${name} names groups, and the API has no user pool`, 'Add one to starling.yaml, or remove the directive');
    } else if (!modes.has(mode)) {
      const message = `@${name} lets nobody in: the API has no ${mode}`;
      warnings.add(positionOfNode(node, file), message, 'Add it to starling.yaml, or remove the directive');
    }
  }
}

/**
 * Reports directives on an interface's field that its types do not keep. What is read is always the field of an object type, so a
 * directive on the interface alone would protect nothing.
 */
export function checkInterface(
  type: GraphQLInterfaceType,
  field: GraphQLField<unknown, unknown>,
  uses: readonly AuthUse[],
  policyOf: (typeName: string, fieldName: string) => FieldPolicy,
  { schema, file, faults }: DirectiveSurroundings,
): void {
  const first = uses[0];
  if (!first) return;
  for (const { name } of schema.getImplementations(type).objects) {
    if (policyOf(name, field.name).grants.every((grant) => uses.some((use) => covers(use, grant)))) continue;
    faults.add(
      positionOfNode(first.node, file),
      `@${first.name} on ${type.name}.${field.name} does not hold for ${name}.${field.name}, which lets in others`,
      `Put the directives on ${name}.${field.name} as well`,
    );
  }
}

/** True where the first lets in everybody whom the second lets in. */
function covers(wide: FieldGrant, narrow: FieldGrant): boolean {
  if (wide.mode !== narrow.mode) return false;
  const { groups } = wide;
  return groups === null || (narrow.groups?.every((group) => groups.includes(group)) ?? false);
}

/**
 * Warns of a field that a mode may ask for without being able to read anything of what it returns: directives of a field do not count for
 * the type behind it, which then needs them too (AppSync reference, section 5.3).
 */
export function warnOfDeadEnd(
  typeName: string,
  field: GraphQLField<unknown, unknown>,
  policyOf: (typeName: string, fieldName: string) => FieldPolicy,
  { schema, modes, file, warnings }: DirectiveSurroundings,
): void {
  const result = getNamedType(field.type);
  if (!isCompositeType(result)) return;
  const types = isAbstractType(result) ? schema.getPossibleTypes(result) : [result];
  const grants = types.flatMap((type) =>
    Object.keys(type.getFields()).flatMap((name) => policyOf(type.name, name).grants),
  );
  const asking = new Set(policyOf(typeName, field.name).grants.map(({ mode }) => mode));
  for (const mode of asking) {
    if (!modes.has(mode) || grants.some((grant) => grant.mode === mode)) continue;
    warnings.add(
      positionOfNode(field.astNode, file),
      `Requests of ${mode} may ask for ${typeName}.${field.name}, and read no field of ${result.name}, which it returns`,
      `Put ${directiveOfMode[mode]} on ${types.map(({ name }) => name).join(' and ')}, or on the fields that they may read`,
    );
  }
}
