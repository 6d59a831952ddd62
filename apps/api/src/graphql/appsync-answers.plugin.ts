import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse, GraphQLRequestListener } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import { formatErrors, formatVariableError, validateDocument } from '#libs/execution';
import type { AppSyncValidationError, ExecutableApi, RequestContext } from '#libs/execution';
import type { Logger } from '#libs/observability';
import { errors as registry } from '#libs/protocol';
import type { ErrorDefinition } from '#libs/protocol';

type Answer = Awaited<ReturnType<NonNullable<GraphQLRequestListener<RequestContext>['responseForOperation']>>>;

/** Answers an operation without executing it. */
export function answerWith(errors: readonly object[]): Answer {
  return {
    http: { headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: null, errors: errors as never } },
  };
}

/** An error of the registry as the answer to an operation that was not executed. */
export function refusal(definition: ErrorDefinition, message: string): object {
  return { path: null, data: null, errorType: definition.errorType, errorInfo: null, locations: null, message };
}

/**
 * Makes Apollo's answers AppSync's: documents are validated under graphql-java's names, operations that HTTP does not serve
 * are refused, and every error gets AppSync's members (AppSync reference, section 9).
 */
export function appSyncAnswers(api: ExecutableApi, logger: Logger): ApolloServerPlugin<RequestContext> {
  // Apollo keeps parsed documents, so the same one comes again and again.
  const validated = new WeakMap<DocumentNode, readonly AppSyncValidationError[]>();
  const validationErrors = (document: DocumentNode): readonly AppSyncValidationError[] => {
    let errors = validated.get(document);
    if (!errors) validated.set(document, (errors = validateDocument(api, document)));
    return errors;
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
          const errors = validationErrors(document);
          if (errors.length > 0) return answerWith(errors);
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
