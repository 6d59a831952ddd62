import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse, GraphQLRequestListener } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import { assertSelections, formatErrors, formatVariableError, validateDocument } from '#libs/execution';
import type { AppSyncValidationError, ExecutableApi, RequestContext } from '#libs/execution';
import type { Logger, Metrics } from '#libs/observability';
import { errors as registry, RequestError } from '#libs/protocol';
import type { ErrorDefinition } from '#libs/protocol';

type Answer = Awaited<ReturnType<NonNullable<GraphQLRequestListener<RequestContext>['responseForOperation']>>>;

/** Answers an operation without executing it. */
export function answerWith(errors: readonly object[]): Answer {
  return answerWithBody(unexecuted(errors));
}

function answerWithBody(singleResult: ReturnType<typeof unexecuted>): Answer {
  return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
}

/** The body that answers an operation which was not executed. */
function unexecuted(errors: readonly object[]): { data: null; errors: never } {
  return { data: null, errors: errors as never };
}

/** An error of the registry as the answer to an operation that was not executed. */
export function refusal(definition: ErrorDefinition, message: string): object {
  return { path: null, data: null, errorType: definition.errorType, errorInfo: null, locations: null, message };
}

/** Counts an operation that passed a limit, and answers its body. */
export function refuseForLimit(
  { definition, message, limit = 'unknown' }: RequestError,
  metrics: Metrics,
): { data: null; errors: never } {
  metrics.limitRefusals.inc({ limit });
  return unexecuted([refusal(definition, message)]);
}

/**
 * Makes Apollo's answers AppSync's: documents are validated under graphql-java's names, operations that HTTP does not serve
 * are refused, and every error gets AppSync's members (AppSync reference, section 9).
 */
export function appSyncAnswers(
  api: ExecutableApi,
  logger: Logger,
  metrics: Metrics,
): ApolloServerPlugin<RequestContext> {
  // Apollo keeps parsed documents, so the same one comes again and again.
  const checked = new WeakMap<DocumentNode, RequestError | readonly AppSyncValidationError[]>();
  const check = (document: DocumentNode): RequestError | readonly AppSyncValidationError[] => {
    let found = checked.get(document);
    if (!found) checked.set(document, (found = checkDocument(api, document)));
    return found;
  };
  return {
    // Apollo throws another error on, without the cause.
    async unexpectedErrorProcessingRequest({ error, requestContext }) {
      const { requestId } = requestContext.contextValue.input;
      logger.error({ err: error, requestId }, 'A request failed in a way nobody expected');
    },
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue }) {
          const found = check(document);
          if (found instanceof RequestError) return answerWithBody(refuseForLimit(found, metrics));
          if (found.length > 0) return answerWith(found);
          if (!operation) return answerWith([unknownOperation(request.operationName)]);
          const refused = refuseOperation(operation, contextValue);
          return refused ? answerWith([refused]) : null;
        },
        async willSendResponse(requestContext) {
          if (requestContext.errors && !isParseFailure(requestContext.errors)) answerErrors(api, requestContext);
          else if (requestContext.contextValue.appendedErrors.length > 0) answerErrors(api, requestContext);
        },
      };
    },
  };
}

/** The limit that a document passes, else what validation finds in it. */
function checkDocument(api: ExecutableApi, document: DocumentNode): RequestError | readonly AppSyncValidationError[] {
  try {
    assertSelections(document, api.definition.limits);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  return validateDocument(api, document);
}

function unknownOperation(operationName: string | undefined): object {
  const message = operationName
    ? `Unknown operation named '${operationName}'.`
    : 'Must provide operation name if query contains multiple operations.';
  return { path: null, locations: null, message };
}

function refuseOperation(operation: OperationDefinitionNode, context: RequestContext): object | undefined {
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
    return refusal(
      registry.OPERATION_NOT_SUPPORTED,
      'Subscriptions are served over WebSocket, at this path with /realtime behind it.',
    );
  }
  if (operation.operation === OperationTypeNode.MUTATION && context.isReadOnly) {
    return refusal(registry.OPERATION_NOT_SUPPORTED, 'A mutation must be sent with POST.');
  }
  return undefined;
}

function isParseFailure(errors: readonly GraphQLError[]): boolean {
  return errors[0]?.extensions.code === 'GRAPHQL_PARSE_FAILED';
}

function answerErrors(
  api: ExecutableApi,
  { response, errors = [], contextValue }: GraphQLRequestContextWillSendResponse<RequestContext>,
): void {
  if (response.body.kind !== 'single') return;
  // Without a path an error stands before execution: variables, or an operation that is not there.
  const beforeExecution = errors.filter(({ path }) => !path).map(formatVariableError);
  const inFields = formatErrors(
    api.schema,
    contextValue,
    errors.filter(({ path }) => path),
  );
  response.body.singleResult = {
    ...response.body.singleResult,
    data: response.body.singleResult.data ?? null,
    errors: [...beforeExecution, ...inFields] as never,
  };
}
