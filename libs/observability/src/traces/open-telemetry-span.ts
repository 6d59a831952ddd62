import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { withoutSecrets } from '../without-secrets.js';
import { formatTraceparent } from './trace-context.js';
import type { SpanAttributes, SpanKindName, TraceSpan } from './tracing.js';

export const spanKinds: Readonly<Record<SpanKindName, SpanKind>> = Object.freeze({
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
});

/** A span of OpenTelemetry's. Parents are given and not looked for: nothing here needs async hooks, which every promise would pay for. */
export class OpenTelemetrySpan implements TraceSpan {
  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get traceparent(): string {
    return formatTraceparent(this.span.spanContext());
  }

  start(name: string, attributes?: SpanAttributes, kind: SpanKindName = 'internal'): TraceSpan {
    // Nobody keeps this trace, so nobody asks for its parts.
    if (!this.span.isRecording()) return unsampledPart(this);
    const parent = trace.setSpan(ROOT_CONTEXT, this.span);
    const span = this.tracer.startSpan(name, { kind: spanKinds[kind], ...(attributes && { attributes }) }, parent);
    return new OpenTelemetrySpan(this.tracer, span);
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      // The message and not the stack: where it is a mistake of ours, the log has that.
      const { name, message, errorType = name } = error as Error & { readonly errorType?: string };
      this.span.setAttributes({ 'error.type': errorType });
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: withoutSecrets(message) });
    }
    this.span.end();
  }
}

/** A part of a trace that is not kept: it names its whole, and takes nothing. */
function unsampledPart({ traceId, traceparent }: TraceSpan): TraceSpan {
  const part: TraceSpan = {
    traceId,
    traceparent,
    start: () => part,
    set: () => undefined,
    end: () => undefined,
  };
  return part;
}
