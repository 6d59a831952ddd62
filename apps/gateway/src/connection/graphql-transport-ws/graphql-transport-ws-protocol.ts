import { Inject, Injectable } from '@nestjs/common';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import type { Server } from 'graphql-ws';
import type { ExecutableApi } from '#libs/execution';
import type { Authenticator } from '#libs/identity';
import type { Logger, Metrics } from '#libs/observability';
import type { CloseName } from '#libs/protocol';
import type { GatewayOptions } from '../../gateway-options.js';
import { StartSubscription } from '../../subscription/start-subscription.js';
import { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import { AUTHENTICATOR, EXECUTABLE_API, GATEWAY_OPTIONS, LOGGER, METRICS } from '../../tokens.js';
import { ConnectionRegistry } from '../connection-registry.js';
import type { Handshake } from '../connection.js';
import { GraphqlTransportWsConnection } from './graphql-transport-ws-connection.js';
import type { GraphqlTransportWsServices } from './graphql-transport-ws-connection.js';
import type { PendingSubscription } from './pending-subscription.js';

export const graphqlTransportWsSubprotocol = GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** The closes that the library makes, by their code. */
const libraryCloses: Readonly<Record<number, CloseName>> = {
  [CloseCode.BadRequest]: 'INVALID_MESSAGE',
  [CloseCode.Unauthorized]: 'UNACKNOWLEDGED',
  [CloseCode.Forbidden]: 'FORBIDDEN',
  [CloseCode.SubscriberAlreadyExists]: 'DUPLICATE_ID',
  [CloseCode.TooManyInitialisationRequests]: 'SECOND_INIT',
};

/**
 * graphql-transport-ws, with the state machine of the `graphql-ws` library. A subscription is authorised by the identity of
 * its connection. The library's iterator of a subscription stays pending until it ends; deliveries bypass it.
 */
@Injectable()
export class GraphqlTransportWsProtocol implements GraphqlTransportWsServices {
  private readonly server: Server<GraphqlTransportWsConnection>;

  constructor(
    @Inject(EXECUTABLE_API) readonly api: ExecutableApi,
    @Inject(AUTHENTICATOR) readonly authenticator: Authenticator,
    @Inject(StartSubscription) readonly startSubscription: StartSubscription,
    @Inject(SubscriptionRegistry) readonly subscriptions: SubscriptionRegistry,
    @Inject(ConnectionRegistry) readonly connections: ConnectionRegistry,
    @Inject(GATEWAY_OPTIONS) readonly options: GatewayOptions,
    @Inject(METRICS) readonly metrics: Metrics,
    @Inject(LOGGER) readonly logger: Logger,
  ) {
    this.server = makeServer<Record<string, unknown>, GraphqlTransportWsConnection>({
      // Ours is on the wheel that all of a connection's times are on.
      connectionInitWaitTimeout: 0,
      onConnect: ({ connectionParams, extra }) => extra.authorise(connectionParams),
      onSubscribe: ({ extra }, id, payload) => extra.accept(id, payload),
      subscribe: (args: ExecutionArgs) => args.contextValue as PendingSubscription,
      onError: ({ extra }, _id, _payload, [error]) => extra.errorsOf(error as GraphQLError) as never,
    });
  }

  open(handshake: Handshake): void {
    const { socket } = handshake;
    const connection = new GraphqlTransportWsConnection(this, handshake);
    let receiveText = (_text: string): Promise<void> => Promise.resolve();
    const closed = this.server.opened(
      {
        protocol: socket.protocol,
        send: (text) => socket.send(text),
        close: (code, reason) => socket.close(libraryCloses[code ?? 0] ?? 'INTERNAL', reason),
        onMessage: (receive) => void (receiveText = receive),
        onPing: (payload) => connection.ping(payload),
      },
      connection,
    );
    socket.use({
      floodClose: 'TOO_MANY_MESSAGES',
      receive(text, isOverRate) {
        if (text === undefined) return socket.close('INVALID_MESSAGE');
        connection.isOverRate = isOverRate;
        receiveText(text).catch((error: unknown) => connection.fail(error));
      },
      closed() {
        connection.closed();
        closed(1006, '').catch((error: unknown) => connection.fail(error));
      },
    });
  }
}
