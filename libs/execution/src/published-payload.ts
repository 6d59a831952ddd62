import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLOutputType } from 'graphql';
import { createDictionary, isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { pathKey } from './response-path.js';
import { selectedFields, selectionSetsOf } from './selected-fields.js';
import type { SelectionSource } from './selected-fields.js';

/** What a payload is built from: an executed mutation field. */
export interface PayloadSource extends Omit<SelectionSource, 'variables'> {
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

  const payload = createDictionary<JsonValue>();
  if (typeName) payload.__typename = typeName;
  for (const [responseKey, nodes] of selectedFields(source, objectType, selectionSetsOf(fieldNodes))) {
    const value = result[responseKey];
    if (value === undefined) continue;
    const name = nodes[0]!.name.value;
    const field = objectType.getFields()[name];
    payload[name] = field ? payloadOf(source, nodes, getNamedType(field.type), value, [...path, responseKey]) : value;
  }
  return payload;
}
