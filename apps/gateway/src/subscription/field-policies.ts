import { isAbstractType, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { ApiDefinition, FieldPolicy } from '#libs/api-definition';
import { isAllowed } from '#libs/execution';
import type { Identity } from '#libs/identity';

/** The policies of the fields that a document selects, by `Type.field`. */
export type FieldPolicies = ReadonlyMap<string, SelectedField>;

/** A field that a document selects, and who may. */
export interface SelectedField {
  readonly typeName: string;
  readonly fieldName: string;
  readonly policy: FieldPolicy;
}

/**
 * Looks the policies of a document's fields up, once for all who send it. A field of an interface counts as that field of
 * every type that implements it. `schema` must be the definition's, whose introspection types are open and left out.
 */
export function readFieldPolicies(
  definition: Pick<ApiDefinition, 'policy'>,
  schema: GraphQLSchema,
  document: DocumentNode,
): FieldPolicies {
  const policies = new Map<string, SelectedField>();
  const typeInfo = new TypeInfo(schema);
  const readField = (): void => {
    const parent = typeInfo.getParentType();
    const fieldName = typeInfo.getFieldDef()?.name;
    if (!parent || !fieldName || fieldName.startsWith('__') || parent.name.startsWith('__')) return;
    for (const type of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]) {
      if (!isObjectType(type)) continue;
      const policy = definition.policy(type.name, fieldName);
      policies.set(`${type.name}.${fieldName}`, { typeName: type.name, fieldName, policy });
    }
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field: readField }));
  return policies;
}

/** The fields, as `Type.field`, that the identity may not see (AppSync reference, section 5.3). In the order of the document. */
export function deniedFields(policies: FieldPolicies, identity: Identity): ReadonlySet<string> {
  return new Set(
    [...policies]
      .filter(([, one]) => !isAllowed(one.policy, identity, one.typeName, one.fieldName))
      .map(([key]) => key),
  );
}

/** True when one identity may not see some of the fields that the other may. */
export function losesFields(policies: FieldPolicies, before: Identity, after: Identity): boolean {
  const denied = deniedFields(policies, before);
  return [...deniedFields(policies, after)].some((field) => !denied.has(field));
}
