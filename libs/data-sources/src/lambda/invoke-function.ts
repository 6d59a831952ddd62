import type { JsonValue } from '#libs/protocol';

import { cancellationOf } from '../cancellation.js';
import { illegalArgument, toFunctionError } from './lambda-error.js';
import { maxPayloadBytes } from './lambda-invoker.js';
import type { InvocationType, LambdaAnswer, LambdaInvoker } from './lambda-invoker.js';

/**
 * Runs a function with an event and answers its result, parsed.
 *
 * @throws FieldError for what the function raised, an event that is too large, an answer that is no JSON, and the end of the
 * signal
 */
export async function invokeFunction(
  invoker: LambdaInvoker,
  event: JsonValue,
  invocationType: InvocationType,
  signal: AbortSignal | undefined,
): Promise<JsonValue> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > maxPayloadBytes) {
    throw illegalArgument(`Request must be smaller than ${maxPayloadBytes} bytes for the InvokeFunction operation.`);
  }
  try {
    return readAnswer(await invoker.invoke({ payload, invocationType, signal }));
  } catch (error) {
    throw signal?.aborted ? cancellationOf(signal) : error;
  }
}

function readAnswer({ kind, payload }: LambdaAnswer): JsonValue {
  if (kind === 'failure') throw toFunctionError(payload);
  if (payload === '') return null;
  try {
    return JSON.parse(payload) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) throw illegalArgument('The function answered no JSON.', { cause: error });
    throw error;
  }
}
