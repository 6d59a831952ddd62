import { TraceFlags } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';

/** `version-traceid-spanid-flags` of W3C's Trace Context, in lower case; what later versions put behind it is passed over. */
const traceparents =
  /^(?<version>(?!ff)[\da-f]{2})-(?<traceId>(?!0{32})[\da-f]{32})-(?<spanId>(?!0{16})[\da-f]{16})-(?<flags>[\da-f]{2})(?<rest>-.*)?$/;

/** The span that a `traceparent` names; undefined for a text that is none, which W3C says to pass over. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const { version, traceId, spanId, flags, rest } = traceparents.exec(text ?? '')?.groups ?? {};
  if (!traceId || !spanId || !flags || (version === '00' && rest !== undefined)) return undefined;
  const traceFlags = parseInt(flags, 16) & TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** A span's name for whoever goes on with its trace. */
export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
