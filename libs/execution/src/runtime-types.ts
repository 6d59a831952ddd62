import { getNamedType, isAbstractType, OperationTypeNode } from 'graphql';
import type { GraphQLFieldResolver, GraphQLOutputType, GraphQLTypeResolver } from 'graphql';
import { isJsonObject } from '#libs/protocol';
import type { RequestContext } from './request-context.js';
import { pathKey, pathToList } from './response-path.js';

type Resolver = GraphQLFieldResolver<unknown, RequestContext, Readonly<Record<string, unknown>>>;

/** Values of interface and union types name their object type in `__typename`, as AppSync demands of resolvers. */
export const resolveTypeByName: GraphQLTypeResolver<unknown, RequestContext> = (value) => typeNameOf(value);

/**
 * The resolver of a field of this type. Where the type is an interface or a union (or a list of them), what it gives is kept by its
 * path in a mutation's context, because a published payload carries `__typename` even when the mutation did not select it.
 */
export function recordingRuntimeTypes(type: GraphQLOutputType, resolve: Resolver): Resolver {
  if (!isAbstractType(getNamedType(type))) return resolve;
  return async (source, args, context, info) => {
    const value: unknown = await resolve(source, args, context, info);
    if (info.operation.operation === OperationTypeNode.MUTATION) record(value, pathToList(info.path), context);
    return value;
  };
}

// Not in resolveTypeByName: graphql-js tells that the path of the field, not of the item in a list.
function record(value: unknown, path: readonly (string | number)[], context: RequestContext): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) record(item, [...path, index], context);
    return;
  }
  const typeName = typeNameOf(value);
  if (typeName !== undefined) context.runtimeTypes.set(pathKey(path), typeName);
}

function typeNameOf(value: unknown): string | undefined {
  return isJsonObject(value) && typeof value.__typename === 'string' ? value.__typename : undefined;
}
