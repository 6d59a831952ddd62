import { execute, getVariableValues } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { JsonValue } from '#libs/protocol';
import type { ExecutableApi } from './executable-api.js';
import { formatErrors } from './format-errors.js';
import type { AppSyncError } from './format-errors.js';
import type { RequestContext } from './request-context.js';
import { formatVariableError } from './validation-errors.js';
import type { AppSyncValidationError } from './validation-errors.js';

export interface OperationRequest {
  readonly api: ExecutableApi;
  /** Already validated. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

export interface OperationResult {
  readonly data: JsonValue;
  readonly errors: readonly (AppSyncError | AppSyncValidationError)[];
}

/**
 * Executes one operation; a subscription's fields run like a query's, because AppSync runs a subscription's resolver once,
 * when it starts. Never throws for what a client or a resolver did: `errors` has it in AppSync's form.
 */
export async function executeOperation(request: OperationRequest): Promise<OperationResult> {
  const { api, document, operation, variables, context } = request;
  const { data, errors } = await execute({
    schema: api.schema,
    document,
    operationName: operation.name?.value,
    variableValues: variables,
    contextValue: context,
    // As in validation: graphql-java has no "Did you mean".
    hideSuggestions: true,
  });
  // Without data nothing was executed: the variables were refused.
  if (data === undefined) return { data: null, errors: errors!.map(formatVariableError) };
  return { data: data as JsonValue, errors: formatErrors(api.schema, context, errors) };
}

/** The variables of an operation that was executed, as its fields saw them. */
export function coercedVariables({
  api,
  operation,
  variables,
}: Pick<OperationRequest, 'api' | 'operation' | 'variables'>): Readonly<Record<string, unknown>> {
  return getVariableValues(api.schema, operation.variableDefinitions ?? [], variables).coerced ?? {};
}
