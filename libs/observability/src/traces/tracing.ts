/** What is known of a span, under the names of OpenTelemetry's conventions where there is one, else of `starling.`. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** OpenTelemetry's kinds of spans. */
export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A span that is under way. */
export interface TraceSpan {
  /** 32 hexadecimal digits: what a record of the log is found by. */
  readonly traceId: string;
  /** Names this span to whoever goes on with the trace elsewhere: W3C's `traceparent`, 55 characters. */
  readonly traceparent: string;
  /** Begins a part of it. Default kind: `internal`. */
  start(name: string, attributes?: SpanAttributes, kind?: SpanKindName): TraceSpan;
  set(attributes: SpanAttributes): void;
  /** Ends it; what comes later is passed over. With an error it is one that has failed. */
  end(error?: unknown): void;
}

/** How a span begins that is no part of another one of this process. */
export interface SpanStart {
  readonly kind: SpanKindName;
  readonly attributes?: SpanAttributes;
  /** The span elsewhere that it is a part of. Default, and for a text that is no `traceparent`: none, a trace begins. */
  readonly traceparent?: string | undefined;
}

/** Traces of a process. A process without has none of this: whoever would tell it something asks first whether it is there. */
export interface Tracing {
  start(name: string, start: SpanStart): TraceSpan;
  /** Sends what has ended, for a second at most. */
  close(): Promise<void>;
}

/** Whose traces are kept, by OpenTelemetry's names of samplers. */
export type SamplerName =
  | 'always_on'
  | 'always_off'
  | 'traceidratio'
  | 'parentbased_always_on'
  | 'parentbased_always_off'
  | 'parentbased_traceidratio';

/** What traces are made of and where they go. */
export interface TracingOptions {
  /** What the process is, unless `resource` has a `service.name`. */
  readonly serviceName: string;
  /** What is known of the process: `k8s.pod.name`, `deployment.environment.name`. */
  readonly resource: Readonly<Record<string, string>>;
  /** Where spans are posted to. */
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly sampler: SamplerName;
  /** Part of the traces that a sampler with a ratio keeps, 0 to 1. */
  readonly samplerRatio: number;
  /** How ended spans wait to be sent together. */
  readonly batch: {
    readonly scheduledDelayMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
    readonly exportTimeoutMillis: number;
  };
  /** Told of spans that could not be sent; they are lost, and the next ones are tried. */
  readonly onFailure: (error: unknown, text: string) => void;
}
