import { Inject, Injectable } from '@nestjs/common';
import type { GraphQLField, OperationDefinitionNode } from 'graphql';
import {
  assertVariables,
  coercedVariables,
  executeOperation,
  notAuthorised,
  RequestContext,
  selectedFields,
  sentArguments,
  RequestDeadline,
} from '#libs/execution';
import type { ApiLimits } from '#libs/api-definition';
import type { AppSyncError, AppSyncValidationError, CurrentApi, ExecutableApi, RequestInput } from '#libs/execution';
import { argumentFilter, FilterError, parseFilterGroup } from '#libs/filter';
import type { FilterGroup } from '#libs/filter';
import type { Identity } from '#libs/identity';
import type { Metrics, StartOutcome } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import type { AppSyncMessageError, GraphqlRequest, JsonValue } from '#libs/protocol';
import { CURRENT_API, METRICS } from '../tokens.js';
import { apiChanged, changedField } from './changed-field.js';
import { createSubscriptionDocuments } from './document-cache.js';
import type { SubscriptionDocument } from './document-cache.js';
import { deniedFields } from './field-policies.js';
import type { FieldPolicies } from './field-policies.js';
import { ProjectionCache } from './projection-cache.js';
import { readDocument, requireSubscription } from './read-document.js';
import type { AcceptedSubscription } from './subscription.js';

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

type SubscriptionDocuments = ReturnType<typeof createSubscriptionDocuments>;

/** An API, and what was made of it for those who subscribe. */
interface ServedApi {
  readonly api: ExecutableApi;
  readonly documents: SubscriptionDocuments;
  readonly projections: ProjectionCache;
}

/**
 * Accepts or refuses a subscription: parses and validates its document, runs the field's resolver once, and takes from it the
 * filters (AppSync reference, sections 1.6 and 2). The resolver's value is completed against the field's type and not sent.
 */
@Injectable()
export class StartSubscription {
  private readonly served: () => ServedApi;

  constructor(
    @Inject(CURRENT_API) private readonly current: CurrentApi,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
    this.served = current.derive((api) => ({
      api,
      documents: createSubscriptionDocuments(api),
      projections: new ProjectionCache(),
    }));
  }

  /**
   * Throws SubscriptionRefused for what the document, its variables, its resolver or its filter did wrong, and a RequestError
   * where the registry has the error.
   */
  async start(request: GraphqlRequest, input: RequestInput): Promise<AcceptedSubscription> {
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

  private async accept(request: GraphqlRequest, input: RequestInput): Promise<AcceptedSubscription> {
    const { api, documents, projections } = this.served();
    const { document, operation } = this.readWithinLimits(api, documents, request);
    using deadline = new RequestDeadline(api.definition.limits.requestTimeoutMs);
    const context = new RequestContext({ ...input, deadline });
    const { data, errors } = await executeOperation({
      api,
      document: document.document,
      operation,
      variables: request.variables,
      context,
    });
    if (errors.length > 0) throw new SubscriptionRefused('resolver', errors, data);

    this.requireUnchanged(api, document);

    const variableValues = coercedVariables({ api, operation, variables: request.variables });
    const source = {
      schema: api.schema,
      subscriptionType: api.schema.getSubscriptionType()!,
      fragments: document.fragments,
      variables: variableValues,
    };
    const [fieldNodes] = selectedFields(source, source.subscriptionType, [operation.selectionSet]).values();
    const field = fieldNodes && source.subscriptionType.getFields()[fieldNodes[0]!.name.value];
    if (!fieldNodes || !field) throw new RequestError('BAD_REQUEST', 'The operation selects no subscription field.');
    const ownFilter = parseFilter(context, context.effects.subscriptionFilter);
    const filterArguments = (): FilterGroup => {
      requireComparable(document.filteredFields, input.identity);
      return argumentFilter(sentArguments(field as GraphQLField<unknown, unknown>, fieldNodes[0]!, variableValues));
    };
    return Object.freeze({
      field: field.name,
      filter: ownFilter ?? filterArguments(),
      invalidationFilter: parseFilter(context, context.effects.subscriptionInvalidationFilter),
      projection: projections.get(document, operation, {
        ...source,
        limits: api.definition.limits,
        fieldNodes,
        deniedFields: deniedFields(document.fieldPolicies, input.identity),
      }),
      fieldPolicies: ownFilter ? document.fieldPolicies : document.filteredPolicies,
      revocable: input.identity.current ? input.identity : undefined,
    });
  }

  /** While the resolver ran, the definition may have been replaced: those that are registered were held to it meanwhile. */
  private requireUnchanged(api: ExecutableApi, { fieldPolicies }: SubscriptionDocument): void {
    const field = api === this.current.api ? undefined : changedField(fieldPolicies, api, this.current.api);
    if (field !== undefined) throw apiChanged(field);
  }

  private readWithinLimits(
    { definition }: ExecutableApi,
    documents: SubscriptionDocuments,
    request: GraphqlRequest,
  ): ReadSubscription {
    try {
      assertVariables(request.variables, definition.limits);
      return readSubscription(documents, request, definition.limits);
    } catch (error) {
      if (error instanceof RequestError && error.limit !== undefined)
        this.metrics.limitRefusals.inc({ limit: error.limit });
      throw error;
    }
  }
}

interface ReadSubscription {
  readonly document: SubscriptionDocument;
  readonly operation: OperationDefinitionNode;
}

function readSubscription(
  documents: SubscriptionDocuments,
  { query, operationName }: GraphqlRequest,
  limits: ApiLimits,
): ReadSubscription {
  const document = readDocument(documents, query, limits);
  const operation = requireSubscription(document.document, operationName);
  if (document.validationErrors.length > 0) throw new SubscriptionRefused('document', document.validationErrors);
  return { document, operation };
}

/** The errors of a refusal that the registry knows. */
export function refuse(error: RequestError): SubscriptionRefused {
  return new SubscriptionRefused('refused', [
    { errorType: error.errorType, message: error.message, errorCode: error.status },
  ]);
}

/**
 * Throws SubscriptionRefused where an argument is compared with a field that the identity may not see: which subscription gets an
 * event would tell its value.
 */
function requireComparable(fields: FieldPolicies, identity: Identity): void {
  for (const key of deniedFields(fields, identity)) {
    const { typeName, fieldName } = fields.get(key)!;
    const { errorType, message } = notAuthorised(typeName, fieldName);
    throw new SubscriptionRefused('refused', [{ errorType, message }]);
  }
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
