import { isJsonObject } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';

import type { DataSourceCall } from '../data-source.js';
import { invokeFunction } from '../lambda/invoke-function.js';
import { illegalArgument } from '../lambda/lambda-error.js';
import type { LambdaInvoker } from '../lambda/lambda-invoker.js';
import { toTypedJson } from './typed-json.js';
import type { Item } from './typed-value.js';

/** What becomes of a write whose check failed. */
export type Decision =
  { readonly action: 'reject' | 'discard' } | { readonly action: 'retry'; readonly retryMapping: JsonObject };

/** A write whose check failed, as its handler is told of it. */
export interface Conflict {
  readonly document: JsonObject;
  /** Undefined if there is no item. */
  readonly current: Item | undefined;
  readonly tableName: string;
  /** Undefined where the data source was given a client, which does not tell. */
  readonly awsRegion: string | undefined;
  readonly call: DataSourceCall;
}

/**
 * Asks the function of the strategy `Custom` (AppSync reference, section 8.2).
 *
 * @throws FieldError where the function fails or answers no decision, with the types that AWS_LAMBDA has
 */
export async function askConflictHandler(invoker: LambdaInvoker, conflict: Conflict): Promise<Decision> {
  return readDecision(await invokeFunction(invoker, toEvent(conflict), 'RequestResponse', conflict.call.signal));
}

function toEvent({ document, current, tableName, awsRegion, call }: Conflict): JsonObject {
  const [parentType = '', field = ''] = call.resolver.split('.');
  return {
    arguments: call.arguments ?? {},
    requestMapping: document,
    currentValue: current === undefined ? null : toTypedJson(current),
    resolver: { tableName, awsRegion: awsRegion ?? null, parentType, field, outputType: call.outputType ?? null },
    identity: call.identity ?? null,
  };
}

function readDecision(answer: JsonValue): Decision {
  const { action, retryMapping } = isJsonObject(answer) ? answer : {};
  if (action === 'reject' || action === 'discard') return { action };
  if (action !== 'retry') {
    throw illegalArgument('The conflict handler must answer an object whose "action" is reject, discard or retry.');
  }
  if (!isJsonObject(retryMapping)) {
    throw illegalArgument('The conflict handler must answer a "retryMapping" with the action retry.');
  }
  return { action, retryMapping };
}
