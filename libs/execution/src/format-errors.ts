import { getNullableType, GraphQLError, isListType, isObjectType } from 'graphql';
import type { GraphQLOutputType, GraphQLSchema } from 'graphql';
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
  // graphql-js throws its own errors as GraphQLErrors, but a null in the wrong place as a plain one.
  const isOfLibrary = cause === undefined || cause instanceof GraphQLError;
  const text = isOfLibrary ? completionText(error.message, path) : nonNullText(schema, error);
  return text === undefined
    ? internalFailure(context, cause!, error)
    : fromFieldError(new FieldError(text), path, error.locations);
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

/** AppSync's words for a null in a non-null place (AppSync reference, sections 4.2 and 9); undefined for other errors. */
function nonNullText(schema: GraphQLSchema, { message, path = [] }: GraphQLError): string | undefined {
  const [, parentName, fieldName] = nonNull.exec(message) ?? [];
  if (!parentName || !fieldName) return undefined;
  const parent = schema.getType(parentName);
  const field = isObjectType(parent) ? parent.getFields()[fieldName] : undefined;
  return field && nonNullMessage(String(typeAt(field.type, path)), parentName, path);
}

/** The nullable type of a field's value, or of the item that the indexes at the end of the path lead to. */
function typeAt(type: GraphQLOutputType, path: readonly (string | number)[]): GraphQLOutputType {
  const nullable = getNullableType(type);
  return typeof path.at(-1) === 'number' && isListType(nullable)
    ? typeAt(nullable.ofType, path.slice(0, -1))
    : (nullable as GraphQLOutputType);
}

/** The message for a null where the schema allows none; `typeName` is the type without its exclamation mark. */
export function nonNullMessage(typeName: string, parentName: string, path: readonly (string | number)[]): string {
  return `Cannot return null for non-nullable type: '${typeName}' within parent '${parentName}' (${pathText(path)})`;
}

/** AppSync's words for results of the wrong kind (AppSync reference, section 9). */
function completionText(message: string, path: readonly (string | number)[] | null): string {
  const at = pathText(path ?? []);
  if (message.startsWith('Expected Iterable')) {
    return `Can't resolve value (${at}) : type mismatch error, expected type LIST, got OBJECT`;
  }
  if (message.startsWith('Abstract type ') || message.startsWith('Runtime Object type ')) {
    return `Can't resolve value (${at}) : Abstract type resolution error, the value has no valid __typename.`;
  }
  return / cannot represent |^Unable to serialize /.test(message)
    ? `Can't serialize value (${at}) : ${message}`
    : message;
}
