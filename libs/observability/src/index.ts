export { authenticationLog } from './authentication-log.js';
export type { AuthenticationLog } from './authentication-log.js';
export { createFailureReporter } from './failure-reporter.js';
export type { FailureReporterOptions } from './failure-reporter.js';
export { auditLogger, createLogger, logByLevel } from './logger.js';
export type { Logger } from './logger.js';
export { createMetrics } from './metrics/metrics.js';
export type { Metrics, MetricsPart } from './metrics/metrics.js';
export { FanoutCounters } from './metrics/fanout-counters.js';
export type { GatewayReadings, StartOutcome } from './metrics/gateway-metrics.js';
export type { OperationKind, PublisherReadings, RequestOutcome } from './metrics/api-metrics.js';
export { showProcess } from './metrics/process-metrics.js';
export { startMetricsServer } from './metrics-server.js';
export type { MetricsServer, MetricsServerOptions } from './metrics-server.js';
export { NestLogger } from './nest-logger.js';
export { Readiness } from './readiness.js';
export type { ReadinessCheck, ReadinessReport } from './readiness.js';
export { startTracing } from './traces/start-tracing.js';
export type {
  SamplerName,
  SpanAttributes,
  SpanKindName,
  SpanStart,
  TraceSpan,
  Tracing,
  TracingOptions,
} from './traces/tracing.js';
