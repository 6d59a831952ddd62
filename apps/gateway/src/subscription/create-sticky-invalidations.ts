import { createFailureReporter } from '#libs/observability';
import type { Logger, Metrics } from '#libs/observability';
import type { GatewayOptions } from '../gateway-options.js';
import { StickyInvalidations } from './sticky-invalidations.js';

/** What counts and logs them. */
export interface StickyInvalidationsParts {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'limitRefusals' | 'stickyRefusals'>;
  readonly options: Pick<GatewayOptions, 'maxStickyInvalidations'>;
}

/** The sticky invalidations of a gateway. One that is dropped is counted each time, and logged now and then. */
export function createStickyInvalidations({ logger, metrics, options }: StickyInvalidationsParts): StickyInvalidations {
  const max = options.maxStickyInvalidations;
  const reportFailure = createFailureReporter(logger);
  return new StickyInvalidations({
    max,
    onDropped() {
      metrics.limitRefusals.inc({ limit: 'MAX_STICKY_INVALIDATIONS' });
      const error = new Error(`More than ${max} would last (MAX_STICKY_INVALIDATIONS); those over soonest go first.`);
      reportFailure(error, 'A sticky invalidation was dropped before it was over');
    },
    onRefused(field, requestId) {
      metrics.stickyRefusals.inc();
      logger.debug({ field, requestId }, 'A subscription was refused while a sticky invalidation lasts');
    },
  });
}
