import { Registry } from 'prom-client';
import type { Counter, Histogram } from 'prom-client';
import type { ErrorCode } from '#libs/protocol';
import { apiMetrics } from './api-metrics.js';
import type { ApiMetrics } from './api-metrics.js';
import { gatewayMetrics } from './gateway-metrics.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { each, Registrar } from './registrar.js';

/**
 * What the processes count, with the names of docs/reference/metrics.md. Labels come from fixed lists of ours, never from a
 * client: a label's value is a time series that is kept for ever.
 */
export interface Metrics extends ApiMetrics, GatewayMetrics {
  /** The process is told to stop: shown from now on. */
  beginDrain(): void;
  /** What `/metrics` answers from. */
  readonly registry: Registry;
  /** Requests, handshakes and messages refused because they passed a limit, by the limit's name. */
  readonly limitRefusals: Counter<'limit'>;
  /** Requests, handshakes and subscriptions whose credentials were refused, by the error's code. */
  readonly authRefusals: Counter<'code'>;
  /** Times that the definition was loaded anew: `served`, or `refused` because something is wrong with it. */
  readonly definitionReloads: Counter<'outcome'>;
  /** Seconds that a data source took for a request document, by its name in the definition and AppSync's name of its type. */
  readonly dataSourceDuration: Histogram<'data_source' | 'type' | 'outcome'>;
}

/** What a process is: each has metrics that the others would only ever show as 0. */
export type MetricsPart = 'api' | 'gateway';

/** From a `NONE` data source to AppSync's longest call, 30 seconds. */
const dataSourceBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Credentials are refused, or cannot be verified. */
const authRefusalCodes: readonly ErrorCode[] = ['UNAUTHORIZED', 'INTERNAL_FAILURE'];

/**
 * A registry of its own, so that two processes' parts in one process, and tests, do not share numbers.
 *
 * @param parts whose metrics the registry shows. Default: all
 */
export function createMetrics(parts: readonly MetricsPart[] = ['api', 'gateway']): Metrics {
  const registry = new Registry();
  const both = new Registrar(registry, 'starling');
  const registrarOf = (part: MetricsPart): Registrar =>
    new Registrar(parts.includes(part) ? registry : null, `starling_${part}`);
  let drainBegan: number | undefined;
  both.gauge('draining', '1 from when the process is told to stop.', () => Number(drainBegan !== undefined));
  both.gauge('drain_seconds', 'Time since the process was told to stop; 0 before.', () =>
    drainBegan === undefined ? 0 : (performance.now() - drainBegan) / 1000,
  );
  return Object.freeze({
    beginDrain() {
      drainBegan ??= performance.now();
    },
    registry,
    limitRefusals: both.counter('limit_refusals_total', 'Refused because a limit was passed, by limit.', ['limit']),
    authRefusals: both.counter(
      'auth_refusals_total',
      'Credentials refused, by error code.',
      ['code'],
      each('code', authRefusalCodes),
    ),
    definitionReloads: both.counter(
      'definition_reloads_total',
      'Definitions loaded anew, by outcome.',
      ['outcome'],
      each('outcome', ['served', 'refused']),
    ),
    dataSourceDuration: both.histogram(
      'data_source_duration_seconds',
      'Time that a data source took, by its name, type and outcome.',
      dataSourceBuckets,
      ['data_source', 'type', 'outcome'],
    ),
    ...apiMetrics(registrarOf('api')),
    ...gatewayMetrics(registrarOf('gateway')),
  });
}
