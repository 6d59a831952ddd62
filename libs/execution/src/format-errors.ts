import { GraphQLError, GraphQLNonNull, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { errors as registry, FieldError, RequestError } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import type { RequestContext } from './request-context.js';
import { pathText } from './response-path.js';

/** An error of an executed request as AppSync answers it (AppSync reference, section 9). */
export interface AppSyncError {
  readonly path: readonly (string | number)[] | null;
  readonly data: JsonValue;
  readonly errorType: string | null;
  readonly errorInfo: JsonValue;
  readonly locations: readonly AppSyncLocation[] | null;
  readonly message: string;
}

export interface AppSyncLocation {
  readonly line: number;
  readonly column: number;
  readonly sourceName: null;
}

/**
 * Turns the errors of graphql-js into AppSync's, adds what `util.appendError` left, and keeps what is internal out: an
 * exception that nobody expected is logged and answered with the request id only.
 */
export function formatErrors(
  schema: GraphQLSchema,
  context: RequestContext,
  thrown: readonly GraphQLError[] = [],
): AppSyncError[] {
  const appended = context.appendedErrors.map(({ error, path, locations }) => fromFieldError(error, path, locations));
  return [...thrown.map((error) => formatError(schema, context, error)), ...appended];
}

function formatError(schema: GraphQLSchema, context: RequestContext, error: GraphQLError): AppSyncError {
  const path = error.path ?? null;
  const cause = error.originalError;
  if (cause instanceof FieldError) return fromFieldError(cause, path, error.locations);
  if (cause instanceof RequestError) {
    return fromFieldError(new FieldError(cause.message, cause.errorType), path, error.locations);
  }
  if (cause && !(cause instanceof GraphQLError)) {
    const text = completionText(error, path);
    if (text) return fromFieldError(new FieldError(text), path, error.locations);
    return internalFailure(context, cause, error);
  }
  return fromFieldError(
    new FieldError(nonNullText(schema, error) ?? completionText(error, path) ?? error.message),
    path,
    error.locations,
  );
}

function fromFieldError(
  error: FieldError,
  path: readonly (string | number)[] | null,
  locations: readonly { readonly line: number; readonly column: number }[] | undefined,
): AppSyncError {
  return {
    path,
    data: (error.data ?? null) as JsonValue,
    errorType: error.errorType,
    errorInfo: (error.errorInfo ?? null) as JsonValue,
    locations: toAppSyncLocations(locations),
    message: error.message,
  };
}

/** Locations with the member that AppSync adds. */
export function toAppSyncLocations(
  locations: readonly { readonly line: number; readonly column: number }[] | undefined,
): AppSyncLocation[] | null {
  return locations?.map(({ line, column }) => ({ line, column, sourceName: null })) ?? null;
}

function internalFailure(context: RequestContext, cause: Error, error: GraphQLError): AppSyncError {
  const { requestId, log } = context.input;
  log?.('error', 'A resolver failed in a way nobody expected', { requestId, path: error.path, err: cause });
  const message = `An internal failure occurred. The log has it under request ${requestId}.`;
  return fromFieldError(
    new FieldError(message, registry.INTERNAL_FAILURE.errorType),
    error.path ?? null,
    error.locations,
  );
}

const nonNull = /^Cannot return null for non-nullable field (\w+)\.(\w+)\.$/;

/** AppSync's words for a null in a non-null place (AppSync reference, sections 4.2 and 9). */
function nonNullText(schema: GraphQLSchema, error: GraphQLError): string | undefined {
  const [, parentName, fieldName] = nonNull.exec(error.message) ?? [];
  if (!parentName || !fieldName) return undefined;
  const parent = schema.getType(parentName);
  const type = isObjectType(parent) ? parent.getFields()[fieldName]?.type : undefined;
  const named = type instanceof GraphQLNonNull ? (type.ofType as { toString(): string }).toString() : String(type);
  return nonNullMessage(named, parentName, error.path ?? []);
}

/** The message for a null where the schema allows none; `typeName` is the type without its exclamation mark. */
export function nonNullMessage(typeName: string, parentName: string, path: readonly (string | number)[]): string {
  return `Cannot return null for non-nullable type: '${typeName}' within parent '${parentName}' (${pathText(path)})`;
}

/** AppSync's words for results of the wrong kind (AppSync reference, section 9); undefined for other errors. */
function completionText(error: GraphQLError, path: readonly (string | number)[] | null): string | undefined {
  const at = pathText(path ?? []);
  if (error.message.startsWith('Expected Iterable')) {
    return `Can't resolve value (${at}) : type mismatch error, expected type LIST, got OBJECT`;
  }
  if (/ cannot represent |^Enum "|cannot serialize/i.test(error.message))
    return `Can't serialize value (${at}) : ${error.message}`;
  if (error.message.startsWith('Abstract type ')) {
    return `Can't resolve value (${at}) : Abstract type resolution error, the value has no valid __typename.`;
  }
  return undefined;
}
