import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { EventLog } from '#libs/event-log';
import type { CurrentApi } from '#libs/execution';
import type { Authenticator } from '#libs/identity';
import type { Logger, Metrics, Tracing } from '#libs/observability';
import { Admission } from './connection/admission.js';
import { ConnectionRegistry } from './connection/connection-registry.js';
import { ConnectionServices } from './connection/connection-services.js';
import { countRefusals } from './connection/count-refusals.js';
import { Outbox } from './connection/outbox.js';
import { RealtimeServer } from './connection/realtime-server.js';
import { EventStreamServer } from './connection/sse/event-stream-server.js';
import { Drain } from './drain/drain.js';
import { Deliver } from './fanout/deliver.js';
import { EventReader } from './fanout/event-reader.js';
import { Invalidate } from './fanout/invalidate.js';
import { LoopShare } from './fanout/loop-share.js';
import type { GatewayOptions } from './gateway-options.js';
import { GatewayHealth } from './health/gateway-health.js';
import { createStickyInvalidations } from './subscription/create-sticky-invalidations.js';
import { EndChangedSubscriptions } from './subscription/end-changed-subscriptions.js';
import { EndWithdrawnSubscriptions } from './subscription/end-withdrawn-subscriptions.js';
import { StartSubscription } from './subscription/start-subscription.js';
import { StickyInvalidations } from './subscription/sticky-invalidations.js';
import { SubscriptionRegistry } from './subscription/subscription-registry.js';
import { AUTHENTICATOR, CURRENT_API, EVENT_LOG, GATEWAY_OPTIONS, LOGGER, METRICS, TRACING } from './tokens.js';

/** What the composing process gives the gateway. It also closes them. */
export interface GatewayParts {
  readonly api: CurrentApi;
  readonly eventLog: EventLog;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly options: GatewayOptions;
}

/**
 * Connections, subscriptions and fan-out. The composing process hands HTTP servers to `RealtimeServer.attach`, and the Fastify
 * instance behind them to `EventStreamServer.attach`; the event log is read from application bootstrap to shutdown.
 */
@Module({})
export class GatewayModule {
  static register(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        { provide: CURRENT_API, useValue: parts.api },
        { provide: EVENT_LOG, useValue: parts.eventLog },
        { provide: AUTHENTICATOR, useValue: countRefusals(parts.authenticator, parts.metrics) },
        { provide: METRICS, useValue: parts.metrics },
        { provide: LOGGER, useValue: parts.logger },
        { provide: TRACING, useValue: parts.tracing ?? null },
        { provide: GATEWAY_OPTIONS, useValue: parts.options },
        Admission,
        ConnectionRegistry,
        ConnectionServices,
        Deliver,
        Drain,
        EndChangedSubscriptions,
        EndWithdrawnSubscriptions,
        EventReader,
        EventStreamServer,
        GatewayHealth,
        Invalidate,
        LoopShare,
        RealtimeServer,
        StartSubscription,
        SubscriptionRegistry,
        {
          provide: Outbox,
          useFactory: (share: LoopShare) =>
            new Outbox({ flushIntervalMs: parts.options.flushIntervalMs, isBusy: () => share.isBusy }),
          inject: [LoopShare],
        },
        { provide: StickyInvalidations, useValue: createStickyInvalidations(parts) },
      ],
      exports: [RealtimeServer, EventStreamServer, SubscriptionRegistry, ConnectionRegistry, GatewayHealth, Drain],
    };
  }
}
