import { getNamedType, isAbstractType, isObjectType, Kind } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { pathKey } from './response-path.js';

/** What a payload is built from: an executed mutation field. */
export interface PayloadSource {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** `RequestContext.runtimeTypes`. */
  readonly runtimeTypes: ReadonlyMap<string, string>;
}

/**
 * The payload a mutation field publishes: its completed result, cut to the mutation's selection set, under field names
 * instead of aliases (AppSync reference, section 4.1). A value of an interface or union type carries `__typename` although
 * the mutation may not have selected it, so that subscribers' fragments can be applied. Of two aliases of one field the later wins.
 */
export function publishedPayload(
  source: PayloadSource,
  fieldNodes: readonly FieldNode[],
  type: GraphQLOutputType,
  result: JsonValue,
  responseKey: string,
): JsonValue {
  return payloadOf(source, fieldNodes, getNamedType(type) as GraphQLOutputType, result, [responseKey]);
}

function payloadOf(
  source: PayloadSource,
  fieldNodes: readonly FieldNode[],
  namedType: GraphQLOutputType,
  result: JsonValue,
  path: readonly (string | number)[],
): JsonValue {
  if (Array.isArray(result)) {
    return (result as readonly JsonValue[]).map((item, index) =>
      payloadOf(source, fieldNodes, namedType, item, [...path, index]),
    );
  }
  if (!isJsonObject(result)) return result;

  const typeName = isAbstractType(namedType) ? source.runtimeTypes.get(pathKey(path)) : undefined;
  const objectType = typeName ? source.schema.getType(typeName) : namedType;
  if (!isObjectType(objectType)) return result;

  const payload: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  if (typeName) payload.__typename = typeName;
  for (const [responseKey, nodes] of collectFields(source, fieldNodes, objectType)) {
    const value = result[responseKey];
    if (value === undefined) continue;
    const name = nodes[0]!.name.value;
    const field = objectType.getFields()[name];
    payload[name] = field ? payloadOf(source, nodes, getNamedType(field.type), value, [...path, responseKey]) : value;
  }
  return payload;
}

/** The fields selected on an object type, by response key. What `@skip` left out has no value in the result, so it is not asked here. */
export function collectFields(
  source: PayloadSource,
  fieldNodes: readonly FieldNode[],
  objectType: GraphQLObjectType,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  // A second spread adds nothing, and fragments that spread each other twice would take exponential time.
  const spread = new Set<string>();
  const visit = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments[selection.name.value];
      if (fragment && appliesTo(source.schema, fragment.typeCondition?.name.value, objectType))
        visit(fragment.selectionSet);
    }
  };
  for (const { selectionSet } of fieldNodes) if (selectionSet) visit(selectionSet);
  return fields;
}

/** True when a fragment with this type condition applies to values of the object type. */
export function appliesTo(
  schema: GraphQLSchema,
  typeCondition: string | undefined,
  objectType: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined || typeCondition === objectType.name) return true;
  const type = schema.getType(typeCondition) as GraphQLCompositeType | undefined;
  return isAbstractType(type) && schema.isSubType(type, objectType);
}
