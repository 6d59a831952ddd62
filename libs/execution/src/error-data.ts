import { getNamedType, isAbstractType, isCompositeType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo } from 'graphql';
import { createDictionary, FieldError, isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import { selectedFields, selectionSetsOf } from './selected-fields.js';

/** Says whether who asks may read a field. */
export type MayRead = (typeName: string, fieldName: string) => boolean;

/**
 * The error with its `data` cut to what the field selects (AppSync reference, section 7.4) and, beyond AppSync, to what may be
 * read: a refused DynamoDB write shows the stored item, which no field's policy has seen. Data of a field without a selection
 * set stays whole; `errorInfo` is never cut.
 */
export function withReadableData(error: FieldError, info: GraphQLResolveInfo, mayRead: MayRead): FieldError {
  if (error.data === null || error.data === undefined) return error;
  const data = cut(error.data as JsonValue, info.fieldNodes, info.returnType, info, mayRead);
  return new FieldError(error.message, error.errorType, data, error.errorInfo, { cause: error });
}

function cut(
  value: JsonValue,
  fieldNodes: readonly FieldNode[],
  type: GraphQLOutputType,
  info: GraphQLResolveInfo,
  mayRead: MayRead,
): JsonValue {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return value;
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item) => cut(item, fieldNodes, named, info, mayRead));
  }
  const objectType = isJsonObject(value) ? objectTypeOf(value, named, info) : undefined;
  // What is no object of the type can't be cut, so nothing of it is shown.
  if (!isJsonObject(value) || !objectType) return null;

  const shown = createDictionary<JsonValue>();
  for (const nodes of selectedFields(
    { schema: info.schema, fragments: info.fragments },
    objectType,
    selectionSetsOf(fieldNodes),
  ).values()) {
    const name = nodes[0]!.name.value;
    const field = objectType.getFields()[name];
    if (!Object.hasOwn(value, name) || !field || !mayRead(objectType.name, name)) continue;
    shown[name] = cut(value[name]!, nodes, field.type, info, mayRead);
  }
  return shown;
}

function objectTypeOf(
  value: { readonly [key: string]: JsonValue },
  type: GraphQLOutputType,
  { schema }: GraphQLResolveInfo,
): GraphQLObjectType | undefined {
  if (isObjectType(type)) return type;
  const named = typeof value.__typename === 'string' ? schema.getType(value.__typename) : undefined;
  return isObjectType(named) && isAbstractType(type) && schema.isSubType(type, named) ? named : undefined;
}
