import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { LogEntry } from '#libs/event-log';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import type { Invalidation } from '#libs/resolver-runtime';
import type { ExecutableApi } from './executable-api.js';
import { publishedPayload } from './published-payload.js';
import type { RequestContext } from './request-context.js';
import { fragmentsOf, selectedFields } from './selected-fields.js';

/** A mutation operation that was executed. */
export interface ExecutedMutation {
  readonly api: ExecutableApi;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly context: RequestContext;
  /** The answer's `data`. */
  readonly data: JsonValue;
}

/**
 * What an executed mutation appends to the log, field by field in the order of execution (AppSync reference, sections 2 and
 * 4.1): first the invalidations that the field's handlers asked for, so that whom they cut off does not get the field's own
 * event; then its event, if subscriptions name the field and its result is not null. A field that failed publishes nothing.
 * When one field's failure nulls all of `data`, the results of the others are gone and only the invalidations are left.
 */
export function logEntries({ api, document, operation, context, data }: ExecutedMutation): LogEntry[] {
  const mutationType = api.schema.getMutationType();
  if (!mutationType || !isJsonObject(data)) return [...context.invalidations.values()].flat().map(toEntry);

  const source = { schema: api.schema, fragments: fragmentsOf(document), runtimeTypes: context.runtimeTypes };
  const entries: LogEntry[] = [];
  for (const [responseKey, fieldNodes] of selectedFields(source, mutationType, [operation.selectionSet])) {
    const name = fieldNodes[0]!.name.value;
    const result = data[responseKey];
    entries.push(...knownInvalidations(api, context, responseKey).map(toEntry));
    if (!api.definition.publications.has(name) || result === null || result === undefined) continue;
    const payload = publishedPayload(source, fieldNodes, mutationType.getFields()[name]!.type, result, responseKey);
    entries.push({ kind: 'event', mutation: name, payload: JSON.stringify(payload) });
  }
  return entries;
}

/** Those that name a subscription of the API. Others end nothing, which is not what their author thinks, so it is logged. */
function knownInvalidations(
  { schema }: ExecutableApi,
  { input, invalidations }: RequestContext,
  responseKey: string,
): Invalidation[] {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  return (invalidations.get(responseKey) ?? []).filter(({ subscriptionField }) => {
    const isKnown = Object.hasOwn(fields, subscriptionField);
    const message = `invalidateSubscriptions names "${subscriptionField}", which is no subscription of this API`;
    if (!isKnown) input.log?.('warn', message, { requestId: input.requestId });
    return isKnown;
  });
}

function toEntry({ subscriptionField, payload }: Invalidation): LogEntry {
  return { kind: 'invalidation', subscriptionField, payload: JSON.stringify(payload) };
}
