import { Inject, Injectable } from '@nestjs/common';
import type { GraphQLField, GraphQLObjectType, OperationDefinitionNode } from 'graphql';
import {
  assertVariables,
  coercedVariables,
  executeOperation,
  RequestContext,
  selectedFields,
  sentArguments,
  RequestDeadline,
} from '#libs/execution';
import type { AppSyncError, AppSyncValidationError, ExecutableApi, RequestInput } from '#libs/execution';
import { argumentFilter, FilterError, parseFilterGroup } from '#libs/filter';
import type { FilterGroup } from '#libs/filter';
import type { Metrics, StartOutcome } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import type { AppSyncMessageError, JsonValue } from '#libs/protocol';
import { EXECUTABLE_API, METRICS } from '../tokens.js';
import { createSubscriptionDocuments } from './document-cache.js';
import type { SubscriptionDocument } from './document-cache.js';
import { deniedFields } from './field-policies.js';
import { ProjectionCache } from './projection-cache.js';
import { readDocument, requireSubscription } from './read-document.js';
import type { AcceptedSubscription } from './subscription.js';

/** A GraphQL request that came over a connection. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** A subscription that was refused: the errors its client is told. */
export class SubscriptionRefused extends Error {
  override readonly name = 'SubscriptionRefused';

  constructor(
    readonly refusedBy: Exclude<StartOutcome, 'started'>,
    readonly errors: readonly (AppSyncMessageError | AppSyncError | AppSyncValidationError)[],
    /** The field's null, where the field itself was executed and failed. */
    readonly data?: JsonValue,
  ) {
    super(errors[0]?.message);
  }
}

/**
 * Accepts or refuses a subscription: parses and validates its document, runs the field's resolver once, and takes from it the
 * filters (AppSync reference, sections 1.6 and 2). The resolver's value is completed against the field's type and not sent.
 */
@Injectable()
export class StartSubscription {
  private readonly documents: ReturnType<typeof createSubscriptionDocuments>;
  private readonly projections = new ProjectionCache();
  private readonly subscriptionType: GraphQLObjectType | undefined;

  constructor(
    @Inject(EXECUTABLE_API) private readonly api: ExecutableApi,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
    this.documents = createSubscriptionDocuments(api);
    this.subscriptionType = api.schema.getSubscriptionType() ?? undefined;
  }

  /**
   * Throws SubscriptionRefused for what the document, its variables, its resolver or its filter did wrong, and a RequestError
   * where the registry has the error.
   */
  async start(request: SubscriptionRequest, input: RequestInput): Promise<AcceptedSubscription> {
    let outcome: StartOutcome = 'refused';
    try {
      const accepted = await this.accept(request, input);
      outcome = 'started';
      return accepted;
    } catch (error) {
      if (error instanceof SubscriptionRefused) outcome = error.refusedBy;
      throw error;
    } finally {
      this.metrics.subscriptionStarts.inc({ outcome });
    }
  }

  private async accept(request: SubscriptionRequest, input: RequestInput): Promise<AcceptedSubscription> {
    const { document, operation } = this.readWithinLimits(request);
    using deadline = new RequestDeadline(this.api.definition.limits.requestTimeoutMs);
    const context = new RequestContext({ ...input, deadline });
    const { data, errors } = await executeOperation({
      api: this.api,
      document: document.document,
      operation,
      variables: request.variables,
      context,
    });
    if (errors.length > 0) throw new SubscriptionRefused('resolver', errors, data);

    const variableValues = coercedVariables({ api: this.api, operation, variables: request.variables });
    const source = {
      schema: this.api.schema,
      subscriptionType: this.subscriptionType!,
      fragments: document.fragments,
      variables: variableValues,
    };
    const [fieldNodes] = selectedFields(source, source.subscriptionType, [operation.selectionSet]).values();
    const field = fieldNodes && source.subscriptionType.getFields()[fieldNodes[0]!.name.value];
    if (!fieldNodes || !field) throw new RequestError('BAD_REQUEST', 'The operation selects no subscription field.');
    return Object.freeze({
      field: field.name,
      filter: filterOf(context, () =>
        sentArguments(field as GraphQLField<unknown, unknown>, fieldNodes[0]!, variableValues),
      ),
      invalidationFilter: parseFilter(context, context.effects.subscriptionInvalidationFilter),
      projection: this.projections.get(document, operation, {
        ...source,
        fieldNodes,
        deniedFields: deniedFields(document.fieldPolicies, input.identity),
      }),
      fieldPolicies: document.fieldPolicies,
    });
  }

  private readWithinLimits(request: SubscriptionRequest): ReturnType<StartSubscription['read']> {
    try {
      assertVariables(request.variables, this.api.definition.limits);
      return this.read(request);
    } catch (error) {
      if (error instanceof RequestError && error.limit !== undefined)
        this.metrics.limitRefusals.inc({ limit: error.limit });
      throw error;
    }
  }

  private read({ query, operationName }: SubscriptionRequest): {
    document: SubscriptionDocument;
    operation: OperationDefinitionNode;
  } {
    const document = readDocument(this.documents, query);
    const operation = requireSubscription(document.document, operationName);
    if (document.validationErrors.length > 0) throw new SubscriptionRefused('document', document.validationErrors);
    return { document, operation };
  }
}

/** The errors of a refusal that the registry knows. */
export function refuse(error: RequestError): SubscriptionRefused {
  return new SubscriptionRefused('refused', [
    { errorType: error.errorType, message: error.message, errorCode: error.status },
  ]);
}

function filterOf(context: RequestContext, readArguments: () => Parameters<typeof argumentFilter>[0]): FilterGroup {
  return parseFilter(context, context.effects.subscriptionFilter) ?? argumentFilter(readArguments());
}

/** Null where none was set. A filter that AppSync would refuse is refused with its text (AppSync reference, section 1.4). */
function parseFilter({ input }: RequestContext, document: unknown): FilterGroup | null {
  if (document === undefined) return null;
  try {
    return parseFilterGroup(document).filter;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    // AppSync's text, which clients match on, does not say where the fault is.
    input.log?.('warn', `A filter was refused at ${error.path}: ${error.message}`, { requestId: input.requestId });
    throw new SubscriptionRefused('filter', [{ message: error.message, errorCode: error.errorCode }]);
  }
}
