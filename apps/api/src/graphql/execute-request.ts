import { Inject, Injectable } from '@nestjs/common';
import { getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { assertVariables, DocumentCache, executeOperation } from '#libs/execution';
import type { CheckedDocument, CurrentApi, ExecutableApi, RequestContext } from '#libs/execution';
import type { Metrics, OperationKind, RequestOutcome } from '#libs/observability';
import { errors as registry, RequestError, unparsableQuery } from '#libs/protocol';
import type { GraphqlRequest } from '#libs/protocol';
import { PublishMutation } from '../publish/publish-mutation.js';
import { CURRENT_API, METRICS } from '../tokens.js';
import { answerWith, refusal } from './answer.js';
import type { Answer } from './answer.js';

/** How a request is counted. What fails in a way nobody expected is counted as it stood. */
interface RequestCount {
  operation: OperationKind;
  outcome: RequestOutcome;
}

/**
 * Executes queries and mutations and answers as AppSync does (AppSync reference, section 9): documents are validated under
 * graphql-java's names, operations that HTTP does not serve are refused, and what a mutation publishes is in the log before
 * its answer goes out.
 */
@Injectable()
export class ExecuteRequest {
  private readonly served: () => { readonly api: ExecutableApi; readonly documents: DocumentCache };

  constructor(
    @Inject(CURRENT_API) current: CurrentApi,
    @Inject(PublishMutation) private readonly publishMutation: PublishMutation,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
    this.served = current.derive((api) => ({ api, documents: new DocumentCache(api, () => ({})) }));
  }

  /** Throws a RequestError when the query is no GraphQL. */
  async execute(request: GraphqlRequest, context: RequestContext): Promise<Answer> {
    const startedAt = performance.now();
    const count: RequestCount = { operation: 'unknown', outcome: 'refused' };
    try {
      return await this.answer(request, context, count);
    } finally {
      this.metrics.requests.inc(count);
      context.input.span?.set({ 'graphql.operation.type': count.operation, 'starling.outcome': count.outcome });
      this.metrics.requestDuration.observe({ operation: count.operation }, (performance.now() - startedAt) / 1000);
    }
  }

  /** `count` is told what the request is, and what became of it. */
  private async answer(request: GraphqlRequest, context: RequestContext, count: RequestCount): Promise<Answer> {
    const { api, documents } = this.served();
    let checked: CheckedDocument;
    try {
      assertVariables(request.variables, api.definition.limits);
      checked = documents.get(request.query);
    } catch (error) {
      if (error instanceof GraphQLError) throw unparsableQuery(error);
      if (!(error instanceof RequestError)) throw error;
      // Passed a limit: answered like a document that is not valid.
      this.metrics.limitRefusals.inc({ limit: error.limit ?? 'unknown' });
      return refusal(error.definition, error.message);
    }
    const { document, fragments, validationErrors } = checked;
    const operation = getOperationAST(document, request.operationName);
    if (operation) count.operation = operation.operation;
    if (validationErrors.length > 0) return answerWith(validationErrors);
    if (!operation) return answerWith([unknownOperation(request.operationName)]);
    const refused = this.refuse(operation, context);
    if (refused) return refused;

    const { data, errors } = await executeOperation({
      api,
      document,
      operation,
      variables: request.variables,
      context,
    });
    count.outcome = errors.length > 0 ? 'errors' : 'ok';
    const answer = errors.length > 0 ? { data, errors } : { data };
    if (operation.operation !== OperationTypeNode.MUTATION) return answer;
    const outcome = await this.publishMutation.publish({ api, fragments, operation, context, data });
    return outcome === 'appended' ? answer : { ...answer, extensions: { starling: { publish: outcome } } };
  }

  private refuse({ operation }: OperationDefinitionNode, context: RequestContext): Answer | undefined {
    if (operation === OperationTypeNode.SUBSCRIPTION) {
      return refusal(
        registry.OPERATION_NOT_SUPPORTED,
        'Subscriptions are served over WebSocket, at this path with /realtime behind it.',
      );
    }
    if (operation !== OperationTypeNode.MUTATION) return undefined;
    if (context.isReadOnly) return refusal(registry.OPERATION_NOT_SUPPORTED, 'A mutation must be sent with POST.');
    if (this.publishMutation.isAccepting) return undefined;
    const message = 'The event log can take no more events; nothing was changed. Try again later.';
    return refusal(registry.PUBLISH_QUEUE_FULL, message);
  }
}

function unknownOperation(operationName: string | undefined): object {
  const message = operationName
    ? `Unknown operation named '${operationName}'.`
    : 'Must provide operation name if query contains multiple operations.';
  return { path: null, locations: null, message };
}
