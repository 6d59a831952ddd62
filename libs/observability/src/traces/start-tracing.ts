import { randomUUID } from 'node:crypto';
import { diag, DiagLogLevel, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { createSampler } from './create-sampler.js';
import { OpenTelemetrySpan, spanKinds } from './open-telemetry-span.js';
import { parseTraceparent } from './trace-context.js';
import type { Tracing, TracingOptions } from './tracing.js';

/** Longest wait at the end for a collector to take the last spans, in milliseconds: well below what a stop may take beyond the drain. */
const closeTimeoutMs = 1_000;

/**
 * Begins to trace: loads OpenTelemetry's SDK, which a process without traces never does, and sends what ends to a collector.
 * Once in a process. A collector that is away is told to `onFailure` and costs nothing else.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [sdk, resources, exporter] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    createExporter(options),
  ]);
  diag.setLogger(failuresTo(options.onFailure), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const provider = new sdk.TracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': options.serviceName, ...options.resource }))
      .merge(resources.resourceFromAttributes(withInstance(options.resource))),
    sampler: createSampler(sdk, options.sampler, options.samplerRatio),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, ...options.batch })],
  });
  const tracer = provider.getTracer('starling');
  return {
    start(name, { kind, attributes, traceparent }) {
      const remote = parseTraceparent(traceparent);
      const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: spanKinds[kind], ...(attributes && { attributes }) }, parent);
      return new OpenTelemetrySpan(tracer, span);
    },
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeTimeoutMs)));
      const closed = provider
        .shutdown()
        .catch((error: unknown) =>
          options.onFailure(error, 'The last spans did not reach the collector (OTEL_EXPORTER_OTLP_ENDPOINT)'),
        );
      await Promise.race([closed, timeout]);
      clearTimeout(timer);
      diag.disable();
    },
  };
}

/** Headers, time-outs, compression and certificates it reads itself, from OpenTelemetry's variables (docs/adr/0016). */
async function createExporter({ protocol, url }: TracingOptions): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'));
  return new OTLPTraceExporter({ url });
}

/** Two pods of a name are told apart. */
function withInstance(resource: TracingOptions['resource']): Readonly<Record<string, string>> {
  return resource['service.instance.id'] === undefined ? { 'service.instance.id': randomUUID() } : {};
}

/** What the SDK says of itself, as failures. */
function failuresTo(onFailure: TracingOptions['onFailure']): DiagLogger {
  const tell = (text: string): void =>
    onFailure(
      new Error(messageOf(text)),
      'Spans did not reach the collector (OTEL_EXPORTER_OTLP_ENDPOINT); they are lost',
    );
  return { error: tell, warn: tell, info: () => undefined, debug: () => undefined, verbose: () => undefined };
}

/** Errors come as JSON, with their stacks. */
function messageOf(text: string): string {
  try {
    const { message = text } = JSON.parse(text) as { readonly message?: string };
    return message;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
