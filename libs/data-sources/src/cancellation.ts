import { FieldError } from '#libs/protocol';

import type { DataSourceCall } from './data-source.js';

/** What a call whose signal has fired ends with: the signal's own reason if that is meant for clients. */
export function cancellationOf(signal: AbortSignal): FieldError {
  if (signal.reason instanceof FieldError) return signal.reason;
  return new FieldError('The data source call was cancelled.', 'ExecutionTimeout', null, null, {
    cause: signal.reason,
  });
}

/** Refuses a call that was cancelled before it began, so that nothing is written for a request that is over. */
export function assertNotCancelled(call: DataSourceCall): void {
  if (call.signal?.aborted) throw cancellationOf(call.signal);
}
