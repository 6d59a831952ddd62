import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { LogEntry } from '#libs/event-log';
import { isJsonObject } from '#libs/protocol';
import type { JsonValue } from '#libs/protocol';
import type { Invalidation } from '#libs/resolver-runtime';
import type { ExecutableApi } from './executable-api.js';
import { publishedPayload } from './published-payload.js';
import type { AskedInvalidation, RequestContext } from './request-context.js';
import { selectedFields } from './selected-fields.js';

/** A mutation operation that was executed. */
export interface ExecutedMutation {
  readonly api: ExecutableApi;
  /** Of the operation's document, by name. */
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
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
export function logEntries({ api, fragments, operation, context, data }: ExecutedMutation): LogEntry[] {
  const mutationType = api.schema.getMutationType();
  const toEntry = ({ subscriptionField, payload, stickySeconds }: Invalidation): LogEntry => ({
    kind: 'invalidation',
    subscriptionField,
    payload: JSON.stringify(payload),
    requestId: context.input.requestId,
    ...(stickySeconds === null ? {} : { stickySeconds }),
  });
  warnOfUnknown(api, context);
  if (!mutationType || !isJsonObject(data)) return askedInvalidations(api, context).map(toEntry);

  const source = { schema: api.schema, fragments, runtimeTypes: context.runtimeTypes };
  const entries: LogEntry[] = [];
  for (const [responseKey, fieldNodes] of selectedFields(source, mutationType, [operation.selectionSet])) {
    const name = fieldNodes[0]!.name.value;
    const result = data[responseKey];
    const asked = context.invalidations.get(responseKey) ?? [];
    entries.push(...asked.filter((one) => isKnown(api, one)).map(toEntry));
    if (!api.definition.publications.has(name) || result === null || result === undefined) continue;
    const payload = publishedPayload(source, fieldNodes, mutationType.getFields()[name]!.type, result, responseKey);
    entries.push({ kind: 'event', mutation: name, payload: JSON.stringify(payload) });
  }
  return entries;
}

/**
 * The invalidations that an executed mutation appends to the log, in the order of its root fields: those that name a
 * subscription of the API.
 */
export function askedInvalidations(api: ExecutableApi, context: RequestContext): readonly AskedInvalidation[] {
  return [...context.invalidations.values()].flat().filter((one) => isKnown(api, one));
}

function isKnown({ schema }: ExecutableApi, { subscriptionField }: Invalidation): boolean {
  return Object.hasOwn(schema.getSubscriptionType()?.getFields() ?? {}, subscriptionField);
}

/** An invalidation of a field that there is not ends nothing, which is not what its author thinks. */
function warnOfUnknown(api: ExecutableApi, { input, invalidations }: RequestContext): void {
  for (const one of [...invalidations.values()].flat()) {
    if (isKnown(api, one)) continue;
    const message = `invalidateSubscriptions names "${one.subscriptionField}", which is no subscription of this API`;
    input.log?.('warn', message, { requestId: input.requestId });
  }
}
