import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import type { Server, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { ExecutableApi } from '#libs/execution';
import { connectRequest } from '#libs/identity';
import type { Authenticator, Identity } from '#libs/identity';
import type { Logger } from '#libs/observability';
import { closes, isJsonObject, lowerCaseHeaders, maxSubscriptionIdLength, RequestError } from '#libs/protocol';
import type { GatewayOptions } from '../../gateway-options.js';
import { refuse, StartSubscription, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription, Subscription } from '../../subscription/subscription.js';
import { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import { AUTHENTICATOR, EXECUTABLE_API, GATEWAY_OPTIONS, LOGGER } from '../../tokens.js';
import { requestInput } from '../authorise.js';
import { ConnectionRegistry } from '../connection-registry.js';
import { closeSocket, sendText } from '../connection.js';
import type { Connection, Handshake } from '../connection.js';
import { Liveness } from '../liveness.js';
import { PendingSubscription } from './pending-subscription.js';

export const graphqlTransportWsSubprotocol = GRAPHQL_TRANSPORT_WS_PROTOCOL;

/** The library only looks at the kind of operation; ours was parsed, validated and compiled when it was accepted. */
const anySubscription = parse('subscription { _ }');

/** What a connection of this protocol carries through graphql-ws's hooks. */
interface ConnectionState {
  readonly socket: WebSocket;
  readonly handshakeHeaders: Readonly<Record<string, string>>;
  readonly graphqlPath: string;
  readonly sourceIp: readonly string[];
  readonly subscriptions: Map<string, PendingSubscription>;
  /** Subscriptions whose resolver still runs: the latest `subscribe` of each id. */
  readonly starts: Map<string, symbol>;
  identity?: Identity;
  headers: Readonly<Record<string, string>>;
}

/**
 * graphql-transport-ws, with the state machine of the `graphql-ws` library. A subscription is authorised by the identity of
 * its connection. The library's iterator of a subscription stays pending until it ends; deliveries bypass it.
 */
@Injectable()
export class GraphqlTransportWsProtocol {
  private readonly server: Server<ConnectionState>;
  /** The full errors of a refusal by the GraphQLError that graphql-ws passes on for it. */
  private readonly refusals = new WeakMap<GraphQLError, SubscriptionRefused>();

  constructor(
    @Inject(EXECUTABLE_API) private readonly api: ExecutableApi,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(StartSubscription) private readonly startSubscription: StartSubscription,
    @Inject(SubscriptionRegistry) private readonly subscriptions: SubscriptionRegistry,
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.server = makeServer<Record<string, unknown>, ConnectionState>({
      connectionInitWaitTimeout: options.connectionInitTimeoutMs,
      onConnect: ({ connectionParams, extra }) => this.authorise(extra, connectionParams),
      onSubscribe: ({ extra }, id, payload) => this.accept(extra, id, payload),
      subscribe: (args: ExecutionArgs) => args.contextValue as PendingSubscription,
      onError: (_context, _id, _payload, [error]) => this.refusals.get(error as GraphQLError)?.errors as never,
    });
  }

  open({ socket, headers, graphqlPath, sourceIp }: Handshake): void {
    const liveness = new Liveness(socket);
    const connection: Connection = {
      keepAlive: () => void liveness.check(),
      goAway: () => closeSocket(socket, closes.SERVICE_RESTART),
      terminate: () => socket.terminate(),
    };
    this.connections.add(connection);

    const fail = (error: unknown): void => {
      this.logger.error({ err: error }, 'A connection failed in a way nobody expected');
      closeSocket(socket, closes.INTERNAL);
    };
    const handshakeHeaders = lowerCaseHeaders(headers);
    const closed = this.server.opened(
      {
        protocol: socket.protocol,
        send: (text) => sendText(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data, isBinary) => {
            if (isBinary) closeSocket(socket, closes.INVALID_MESSAGE);
            else receive((data as Buffer).toString('utf8')).catch(fail);
          }),
      },
      {
        socket,
        handshakeHeaders,
        headers: handshakeHeaders,
        graphqlPath,
        sourceIp,
        subscriptions: new Map(),
        starts: new Map(),
      },
    );
    socket.on('close', (code, reason) => {
      this.connections.remove(connection);
      closed(code, reason.toString()).catch(fail);
    });
  }

  /** Credentials come in the payload of `connection_init`, at its top or under `headers`; else in the handshake's own headers. */
  private async authorise(state: ConnectionState, params: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
    const nested = isJsonObject(params.headers) ? lowerCaseHeaders(params.headers) : {};
    state.headers = { ...state.handshakeHeaders, ...lowerCaseHeaders(params), ...nested };
    try {
      const request = connectRequest(state.graphqlPath, randomUUID());
      const { headers, sourceIp } = state;
      state.identity = await this.authenticator.authenticate({ headers, sourceIp, request });
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // The library would close with a bare "Forbidden"; this says why.
      const close = error.definition.retryable ? closes.UNAVAILABLE : closes.FORBIDDEN;
      closeSocket(state.socket, close, `${close.reason}: ${error.message}`);
      return false;
    }
  }

  private async accept(
    state: ConnectionState,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const refusal = this.refuseBeforeStart(state, id);
    if (refusal) return [this.toGraphQLError(refuse(refusal))];
    const start = Symbol();
    state.starts.set(id, start);
    const accepted = await this.tryStart(state, payload);
    if (state.starts.get(id) !== start) return this.asOperation(superseded(state, id));
    state.starts.delete(id);
    return accepted instanceof GraphQLError ? [accepted] : this.register(state, id, accepted);
  }

  private refuseBeforeStart({ subscriptions, starts }: ConnectionState, id: string): RequestError | undefined {
    if (id.length > maxSubscriptionIdLength)
      return new RequestError('BAD_REQUEST', `An id has at most ${maxSubscriptionIdLength} characters.`);
    const max = this.options.maxSubscriptionsPerConnection;
    if (subscriptions.size + starts.size < max) return undefined;
    return new RequestError('MAX_SUBSCRIPTIONS', `Max number of ${max} subscriptions reached`);
  }

  private async tryStart(
    state: ConnectionState,
    { query, variables, operationName }: SubscribePayload,
  ): Promise<AcceptedSubscription | GraphQLError> {
    try {
      return await this.startSubscription.start(
        { query, variables: variables ?? {}, operationName: operationName ?? undefined },
        requestInput(this.logger, state.identity!, state.headers, randomUUID()),
      );
    } catch (error) {
      if (error instanceof SubscriptionRefused) return this.toGraphQLError(error);
      if (error instanceof RequestError) return this.toGraphQLError(refuse(error));
      throw error;
    }
  }

  private register(state: ConnectionState, id: string, accepted: AcceptedSubscription): ExecutionArgs {
    const { socket } = state;
    const idText = JSON.stringify(id);
    const subscription: Subscription = {
      ...accepted,
      sink: {
        deliver: (result) => sendText(socket, `{"id":${idText},"type":"next","payload":${result}}`),
        invalidate: () => {
          pending.end();
          // After the library has sent `complete`, which it does before the next turn of the event loop.
          setImmediate(() => {
            if (state.subscriptions.size + state.starts.size === 0) closeSocket(socket, closes.INVALIDATED);
          });
        },
      },
    };
    const pending = new PendingSubscription(() => {
      this.subscriptions.remove(subscription);
      state.subscriptions.delete(id);
    });
    state.subscriptions.set(id, pending);
    // Registered before the library looks at it again: should the client have left meanwhile, it returns the iterator.
    this.subscriptions.add(subscription);
    return this.asOperation(pending);
  }

  private asOperation(pending: PendingSubscription): ExecutionArgs {
    return { schema: this.api.schema, document: anySubscription, contextValue: pending };
  }

  private toGraphQLError(refused: SubscriptionRefused): GraphQLError {
    const error = new GraphQLError(refused.message);
    this.refusals.set(error, refused);
    return error;
  }
}

/**
 * What graphql-ws is given for a `subscribe` that was completed, and followed by another with its id, while its resolver ran.
 * The library does not tell the two apart and keeps whichever settles last under the id; so this one stays silent, and ends
 * the other when the library ends it.
 */
function superseded(state: ConnectionState, id: string): PendingSubscription {
  return new PendingSubscription(() => state.subscriptions.get(id)?.end());
}
