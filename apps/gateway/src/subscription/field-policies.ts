import {
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLInputType,
  GraphQLOutputType,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import type { ApiDefinition, FieldPolicy } from '#libs/api-definition';
import { isAllowed } from '#libs/execution';
import type { Identity } from '#libs/identity';

/** The policies of the fields that a document selects, by `Type.field`. */
export type FieldPolicies = ReadonlyMap<string, SelectedField>;

/** A field that a document selects, or filters by, and who may. */
export interface SelectedField {
  readonly typeName: string;
  readonly fieldName: string;
  readonly policy: FieldPolicy;
  /** Whether a resolver ran when the subscription started, which may have built filters of what the identity says. */
  readonly readsIdentity: boolean;
}

/**
 * Looks the policies of a document's fields up, once for all who send it. A field of an interface counts as that field of
 * every type that implements it. `schema` must be the definition's, whose introspection types are open and left out.
 */
export function readFieldPolicies(
  definition: Pick<ApiDefinition, 'policy' | 'resolvers'>,
  schema: GraphQLSchema,
  document: DocumentNode,
): FieldPolicies {
  const policies = new Map<string, SelectedField>();
  const typeInfo = new TypeInfo(schema);
  const readField = (): void => {
    const parent = typeInfo.getParentType();
    const fieldName = typeInfo.getFieldDef()?.name;
    if (!parent || !fieldName || fieldName.startsWith('__') || parent.name.startsWith('__')) return;
    for (const type of objectsOf(schema, parent)) {
      const key = `${type.name}.${fieldName}`;
      const policy = definition.policy(type.name, fieldName);
      const readsIdentity = type === schema.getSubscriptionType() && definition.resolvers.has(key);
      policies.set(key, { typeName: type.name, fieldName, policy, readsIdentity });
    }
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field: readField }));
  return policies;
}

/**
 * The policies of the fields that arguments of a document's subscriptions are compared with, where no resolver sets a filter: of the type
 * that the subscription returns, by the argument's name, and below it by the members of an object. What arrives tells their values, selected or not.
 */
export function readFilteredFields(
  definition: Pick<ApiDefinition, 'policy'>,
  schema: GraphQLSchema,
  document: DocumentNode,
): FieldPolicies {
  const policies = new Map<string, SelectedField>();
  const typeInfo = new TypeInfo(schema);
  const compare = (compared: GraphQLOutputType, fieldName: string, input: GraphQLInputType): void => {
    for (const type of objectsOf(schema, getNamedType(compared))) {
      const key = `${type.name}.${fieldName}`;
      const field = Object.hasOwn(type.getFields(), fieldName) ? type.getFields()[fieldName] : undefined;
      if (!field || policies.has(key)) continue;
      const policy = definition.policy(type.name, fieldName);
      policies.set(key, { typeName: type.name, fieldName, policy, readsIdentity: false });
      const members = getNamedType(input);
      // An object equals another one by its members.
      if (!isInputObjectType(members)) continue;
      for (const member of Object.values(members.getFields())) compare(field.type, member.name, member.type);
    }
  };
  const readField = (node: FieldNode): void => {
    const field = typeInfo.getFieldDef();
    if (!field || typeInfo.getParentType() !== schema.getSubscriptionType()) return;
    for (const { name, type, defaultValue } of field.args) {
      const isSent = defaultValue !== undefined || node.arguments?.some((argument) => argument.name.value === name);
      if (isSent) compare(field.type, name, type);
    }
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field: readField }));
  return policies;
}

function objectsOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
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
