import { Inject, Injectable } from '@nestjs/common';
import type { Authenticator } from '#libs/identity';
import type { Logger, Metrics } from '#libs/observability';
import type { GatewayOptions } from '../gateway-options.js';
import { StartSubscription } from '../subscription/start-subscription.js';
import { SubscriptionRegistry } from '../subscription/subscription-registry.js';
import { AUTHENTICATOR, GATEWAY_OPTIONS, LOGGER, METRICS } from '../tokens.js';
import { ConnectionRegistry } from './connection-registry.js';
import { Outbox } from './outbox.js';
import type { TimerWheel } from './timer-wheel.js';

/** What connections of every protocol share. */
@Injectable()
export class ConnectionServices {
  constructor(
    @Inject(AUTHENTICATOR) readonly authenticator: Authenticator,
    @Inject(StartSubscription) readonly startSubscription: Pick<StartSubscription, 'start'>,
    @Inject(SubscriptionRegistry) readonly subscriptions: SubscriptionRegistry,
    @Inject(ConnectionRegistry) readonly connections: ConnectionRegistry,
    @Inject(Outbox) readonly outbox: Outbox,
    @Inject(GATEWAY_OPTIONS) readonly options: GatewayOptions,
    @Inject(METRICS) readonly metrics: Metrics,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}

  get timers(): TimerWheel {
    return this.connections.timers;
  }
}
