import { bool, makeExactValidator, str } from 'envalid';
import type { CleanedEnv } from 'envalid';
import { parseResourceAttributes } from './resource-attributes.js';
import { address, count } from './validators.js';

/** OpenTelemetry's names of samplers. */
export type TraceSampler =
  | 'always_on'
  | 'always_off'
  | 'traceidratio'
  | 'parentbased_always_on'
  | 'parentbased_always_off'
  | 'parentbased_traceidratio';

/** How spans are sent. */
export type TraceProtocol = 'http/protobuf' | 'http/json';

/** A number from 0 to 1. */
const ratio = makeExactValidator<number>((input) => {
  const value = Number(input);
  if (input.trim() === '' || !(value >= 0 && value <= 1))
    throw new Error(`must be a number from 0 to 1, not "${input}"`);
  return value;
});

/** Settings of traces, under the names that OpenTelemetry gives them. The exporter reads further ones itself (docs/adr/0016). */
export const traces = {
  OTEL_TRACES_EXPORTER: str<'otlp' | 'none'>({
    choices: ['otlp', 'none'],
    default: undefined,
    desc: 'Whether traces are made and sent. Default: otlp where an endpoint is set, else none.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: address(
    'http',
    'https',
  )({
    default: undefined,
    desc: 'Address of a collector that takes OTLP over HTTP; spans go to its /v1/traces. Where traces are sent and none is set: http://localhost:4318.',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address(
    'http',
    'https',
  )({
    default: undefined,
    desc: 'The same, for spans alone, with its path.',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: str<TraceProtocol>({
    choices: ['http/protobuf', 'http/json'],
    default: 'http/protobuf',
    desc: 'How spans are written. gRPC is not among them: collectors take HTTP on port 4318.',
  }),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: str<TraceProtocol>({
    choices: ['http/protobuf', 'http/json'],
    default: undefined,
    desc: 'The same, in place of OTEL_EXPORTER_OTLP_PROTOCOL.',
  }),
  OTEL_TRACES_SAMPLER: str<TraceSampler>({
    choices: [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    default: 'parentbased_always_on',
    desc: 'Which traces are kept. parentbased_ ones keep those that the caller keeps: a client decides by its traceparent header, and a gateway does as the api did.',
  }),
  OTEL_TRACES_SAMPLER_ARG: ratio({
    default: 1,
    desc: 'Part of the traces that a sampler with traceidratio keeps, 0 to 1.',
  }),
  OTEL_SERVICE_NAME: str({
    default: undefined,
    desc: 'Name of the process in traces. Default: starling-api or starling-gateway.',
  }),
  OTEL_RESOURCE_ATTRIBUTES: makeExactValidator(parseResourceAttributes)({
    default: undefined,
    desc: 'What else traces say of the process: name=value, separated by commas, values percent-encoded.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: count({
    default: 5_000,
    desc: 'Longest time that a span waits to be sent with others, in milliseconds.',
  }),
  OTEL_BSP_EXPORT_TIMEOUT: count({
    default: 30_000,
    desc: 'Longest time for sending spans, in milliseconds, with all that is tried again.',
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: count({
    default: 2_048,
    desc: 'Spans that may wait. Further ones are dropped: a collector that is away costs no more memory than this.',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count({
    default: 512,
    desc: 'Spans that are sent together.',
  }),
  OTEL_SDK_DISABLED: bool({
    default: false,
    desc: 'No traces, whatever else is set.',
  }),
};

type TraceSettings = CleanedEnv<typeof traces>;

/** What traces are made of and where they go. */
export interface TraceOptions {
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly url: string;
  readonly protocol: TraceProtocol;
  readonly sampler: TraceSampler;
  /** 0 to 1. */
  readonly samplerRatio: number;
  readonly batch: {
    readonly scheduledDelayMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
    readonly exportTimeoutMillis: number;
  };
}

/** What the settings ask for; undefined where they ask for no traces. `serviceName`: that of a process that has none. */
export function traceOptions(settings: TraceSettings, serviceName: string): TraceOptions | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesEndpoint } = settings;
  const isWanted = settings.OTEL_TRACES_EXPORTER ?? ((endpoint ?? tracesEndpoint) ? 'otlp' : 'none');
  if (settings.OTEL_SDK_DISABLED || isWanted === 'none') return undefined;
  const { OTEL_SERVICE_NAME: givenName, OTEL_RESOURCE_ATTRIBUTES: resource = {} } = settings;
  return {
    serviceName,
    resource: givenName === undefined ? resource : { ...resource, 'service.name': givenName },
    url: tracesEndpoint ?? `${endpoint ?? 'http://localhost:4318'}/v1/traces`,
    protocol: settings.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? settings.OTEL_EXPORTER_OTLP_PROTOCOL,
    sampler: settings.OTEL_TRACES_SAMPLER,
    samplerRatio: settings.OTEL_TRACES_SAMPLER_ARG,
    batch: {
      scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
      maxQueueSize: settings.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: Math.min(settings.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, settings.OTEL_BSP_MAX_QUEUE_SIZE),
      exportTimeoutMillis: settings.OTEL_BSP_EXPORT_TIMEOUT,
    },
  };
}
