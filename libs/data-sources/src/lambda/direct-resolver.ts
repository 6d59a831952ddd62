import { FieldError, isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import type { ResolverContext } from '#libs/resolver-runtime';

/**
 * The event of a direct Lambda resolver, one without handlers: the whole context under the names that functions know
 * (AppSync reference, section 8.3).
 */
export function directLambdaEvent(ctx: ResolverContext): JsonObject {
  const { args, identity, source, request, prev, info, stash } = ctx;
  return {
    arguments: args,
    identity,
    source,
    request: { headers: request.headers, domainName: request.domainName },
    prev: prev && { result: prev.result },
    info: {
      selectionSetList: info.selectionSetList ?? [],
      selectionSetGraphQL: info.selectionSetGraphQL ?? '',
      parentTypeName: info.parentTypeName,
      fieldName: info.fieldName,
      variables: info.variables,
    },
    stash,
  };
}

/**
 * The request document that a direct Lambda resolver implies. Its calls are collected only if the resolver has a
 * `maxBatchSize`; the function receives a list of events then.
 */
export function directLambdaDocument(ctx: ResolverContext, maxBatchSize = 0): JsonObject {
  return { operation: maxBatchSize > 0 ? 'BatchInvoke' : 'Invoke', payload: directLambdaEvent(ctx) };
}

/**
 * The response handler that a direct Lambda resolver implies, for a result of {@link directLambdaDocument}. An error of the
 * whole invocation was thrown by the data source before. An element of a batch may be `{data, errorMessage, errorType}`:
 * with a message it is an error, with `data` next to it. An element without any of these is the value itself.
 *
 * @throws FieldError for an element with an `errorMessage`
 */
export function readDirectLambdaResult(result: JsonValue, maxBatchSize = 0): JsonValue {
  if (maxBatchSize <= 0 || !isJsonObject(result)) return result;
  const isEnvelope = ['data', 'errorMessage', 'errorType'].some((name) => Object.hasOwn(result, name));
  if (!isEnvelope) return result;
  const { data = null, errorMessage, errorType } = result;
  if (typeof errorMessage !== 'string') return data;
  throw new FieldError(errorMessage, typeof errorType === 'string' ? errorType : null, data);
}
