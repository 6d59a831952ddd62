import type { LogEntry } from '#libs/event-log';
import type { TraceSpan, Tracing } from '#libs/observability';

/**
 * Handles an entry of the log in a span of its own: one on each gateway, whatever the number of subscriptions, that goes on with
 * the trace of the mutation. Entries of a mutation that was not traced begin one, as the sampler decides.
 */
export function traceEntry(
  tracing: Tracing,
  entry: LogEntry,
  writtenAtMs: number,
  handle: (span: TraceSpan) => Promise<void> | undefined,
): Promise<void> | undefined {
  const span = tracing.start(nameOf(entry), {
    kind: 'consumer',
    traceparent: entry.traceparent,
    attributes: {
      'messaging.operation.type': 'process',
      'starling.entry.kind': entry.kind,
      // The clocks of two machines may differ by more than this takes.
      'starling.log.delay_ms': Math.max(0, Date.now() - writtenAtMs),
    },
  });
  const fail = (error: unknown): never => {
    span.end(error);
    throw error;
  };
  let rest: Promise<void> | undefined;
  try {
    rest = handle(span);
  } catch (error) {
    return fail(error);
  }
  if (rest) return rest.then(() => span.end(), fail);
  span.end();
  return undefined;
}

function nameOf(entry: LogEntry): string {
  return entry.kind === 'event' ? `process ${entry.mutation}` : `invalidate ${entry.subscriptionField}`;
}
