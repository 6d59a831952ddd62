import type { JsonObject, JsonValue } from '#libs/protocol';
import type { ResolverContext } from '#libs/resolver-runtime';

/**
 * The document of a Lambda function without a request handler: it gets all of the context, several at once where the resolver
 * or function has a `maxBatchSize` (AppSync reference, section 8.3).
 */
export function directLambdaDocument(ctx: ResolverContext, maxBatchSize: number): JsonObject {
  const { fieldName, parentTypeName, variables, selectionSetList, selectionSetGraphQL } = ctx.info;
  return {
    operation: maxBatchSize > 0 ? 'BatchInvoke' : 'Invoke',
    payload: {
      arguments: ctx.args,
      identity: ctx.identity,
      source: ctx.source,
      request: ctx.request,
      prev: ctx.prev,
      info: { selectionSetList, selectionSetGraphQL, parentTypeName, fieldName, variables } as JsonValue,
      stash: ctx.stash,
    },
  };
}
