import { isLeafType, isNonNullType, Kind, valueFromAST } from 'graphql';
import type { FieldNode, GraphQLField, GraphQLInputType } from 'graphql';
import { createDictionary } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';

/**
 * The arguments of a subscription field as they filter events (AppSync reference, section 1.2): those that were sent, with
 * the values that a payload would show. A variable that was declared but not supplied counts as an explicit null, as in
 * AppSync and unlike the GraphQL specification; a default in the schema acts as if it had been sent.
 */
export function sentArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variableValues: Readonly<Record<string, unknown>>,
): Readonly<Record<string, JsonValue>> {
  // Without a prototype, an unset variable named like a member of objects (`constructor`) is unset as well.
  const variables = Object.assign(createDictionary<unknown>(), variableValues);
  const sent = createDictionary<JsonValue>();
  for (const argument of field.args) {
    const given = node.arguments?.find(({ name }) => name.value === argument.name);
    const isUnset = given?.value.kind === Kind.VARIABLE && variables[given.value.name.value] === undefined;
    if (given && !isUnset)
      sent[argument.name] = toWire(valueFromAST(given.value, argument.type, variables), argument.type);
    else if (argument.defaultValue !== undefined) sent[argument.name] = toWire(argument.defaultValue, argument.type);
    else if (isUnset) sent[argument.name] = null;
  }
  return sent;
}

/** A coerced input in the form that results have, so that the two can be compared. */
function toWire(value: unknown, type: GraphQLInputType): JsonValue {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (value === undefined || value === null) return null;
  return (isLeafType(nullable) ? nullable.serialize(value) : value) as JsonValue;
}
