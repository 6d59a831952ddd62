import { isAbstractType, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { ApiDefinition, FieldPolicy } from '#libs/api-definition';
import { isAllowed } from '#libs/execution';
import type { Identity } from '#libs/identity';

/** The policies of the fields that a document selects, by `Type.field`. */
export type FieldPolicies = ReadonlyMap<string, FieldPolicy>;

/**
 * Looks the policies of a document's fields up, once for all who send it. A field of an interface counts as that field of
 * every type that implements it. `schema` must be the definition's, whose introspection types are open and left out.
 */
export function readFieldPolicies(
  definition: Pick<ApiDefinition, 'policy'>,
  schema: GraphQLSchema,
  document: DocumentNode,
): FieldPolicies {
  const policies = new Map<string, FieldPolicy>();
  const typeInfo = new TypeInfo(schema);
  const readField = (): void => {
    const parent = typeInfo.getParentType();
    const fieldName = typeInfo.getFieldDef()?.name;
    if (!parent || !fieldName || fieldName.startsWith('__') || parent.name.startsWith('__')) return;
    for (const type of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]) {
      if (isObjectType(type)) policies.set(`${type.name}.${fieldName}`, definition.policy(type.name, fieldName));
    }
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field: readField }));
  return policies;
}

/** The fields, as `Type.field`, that the identity may not see (AppSync reference, section 5.3). In the order of the document. */
export function deniedFields(policies: FieldPolicies, identity: Identity): ReadonlySet<string> {
  return new Set([...policies].filter(([, policy]) => !isAllowed(policy, identity)).map(([field]) => field));
}
