import { listenOrExplain } from '#libs/config';
import { showProcess, startMetricsServer } from '#libs/observability';
import type { Logger, Metrics, MetricsServer, Readiness } from '#libs/observability';

/** What is shown, and where. */
export interface ServedMetrics {
  readonly host: string;
  /** `METRICS_PORT`; 0: nothing is served. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly logger: Logger;
}

/**
 * Serves metrics, those of the process among them, health and readiness. Undefined where they are not asked for. Once in a process.
 *
 * @throws StartError where the port is taken
 */
export async function serveMetrics(served: ServedMetrics): Promise<MetricsServer | undefined> {
  const { host, port, metrics, readiness, logger } = served;
  if (port === 0) return undefined;
  showProcess(metrics.registry);
  const onFailure = (error: unknown): void => logger.error({ err: error }, 'The metrics could not be read');
  return listenOrExplain('METRICS_PORT', port, () =>
    startMetricsServer({ host, port, registry: metrics.registry, readiness, onFailure }),
  );
}
