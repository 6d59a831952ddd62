import { Inject, Injectable } from '@nestjs/common';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import type { Authenticator } from '#libs/identity';
import type { Logger, Metrics } from '#libs/observability';
import type { GatewayOptions } from '../../gateway-options.js';
import { StartSubscription } from '../../subscription/start-subscription.js';
import { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import { AUTHENTICATOR, GATEWAY_OPTIONS, LOGGER, METRICS } from '../../tokens.js';
import { ConnectionRegistry } from '../connection-registry.js';
import type { Handshake } from '../connection.js';
import { GraphqlTransportWsConnection } from './graphql-transport-ws-connection.js';
import type { GraphqlTransportWsServices } from './graphql-transport-ws-connection.js';

export const graphqlTransportWsSubprotocol = GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** Opens connections of graphql-transport-ws. */
@Injectable()
export class GraphqlTransportWsProtocol implements GraphqlTransportWsServices {
  constructor(
    @Inject(AUTHENTICATOR) readonly authenticator: Authenticator,
    @Inject(StartSubscription) readonly startSubscription: StartSubscription,
    @Inject(SubscriptionRegistry) readonly subscriptions: SubscriptionRegistry,
    @Inject(ConnectionRegistry) readonly connections: ConnectionRegistry,
    @Inject(GATEWAY_OPTIONS) readonly options: GatewayOptions,
    @Inject(METRICS) readonly metrics: Metrics,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}

  open(handshake: Handshake): void {
    new GraphqlTransportWsConnection(this, handshake);
  }
}
