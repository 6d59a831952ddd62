import { randomUUID } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { ExecutableApi } from '#libs/execution';
import { connectRequest } from '#libs/identity';
import type { Authenticator, Identity } from '#libs/identity';
import type { Logger, Metrics } from '#libs/observability';
import {
  closes,
  isJsonObject,
  lowerCaseHeaders,
  maxSubscriptionIdLength,
  RequestError,
  unauthorizedTexts,
} from '#libs/protocol';
import type { GatewayOptions } from '../../gateway-options.js';
import { losesFields } from '../../subscription/field-policies.js';
import { refuse, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { StartSubscription } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription, Subscription } from '../../subscription/subscription.js';
import type { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import { requestInput } from '../authorise.js';
import type { ConnectionRegistry } from '../connection-registry.js';
import type { ConnectionSocket } from '../connection-socket.js';
import { deliveryHead } from '../frame.js';
import { ConnectionTimes } from '../connection-times.js';
import type { Connection, Handshake } from '../connection.js';
import { lostRightsText, readRenewal } from '../renewal.js';
import { requireRoom } from '../require-room.js';
import { ConnectionCredentials } from './connection-credentials.js';
import { PendingSubscription } from './pending-subscription.js';

/** The library only looks at the kind of operation; ours was parsed, validated and compiled when it was accepted. */
const anySubscription = parse('subscription { _ }');

/** What every connection of the protocol shares. */
export interface GraphqlTransportWsServices {
  readonly api: Pick<ExecutableApi, 'schema'>;
  readonly authenticator: Authenticator;
  readonly startSubscription: Pick<StartSubscription, 'start'>;
  readonly subscriptions: SubscriptionRegistry;
  readonly connections: ConnectionRegistry;
  readonly options: GatewayOptions;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A subscription, and its half of the library's iterator. */
interface LiveSubscription {
  readonly subscription: Subscription;
  readonly pending: PendingSubscription;
}

/**
 * One connection of graphql-transport-ws: what the hooks of the `graphql-ws` library ask. Its subscriptions are authorised by
 * the identity of `connection_init`, which a `ping` may renew (docs/reference/protocol.md).
 */
export class GraphqlTransportWsConnection implements Connection {
  /** Whether the client has sent more than it may, as of the message at hand. */
  isOverRate = false;
  private readonly socket: ConnectionSocket;
  private readonly times: ConnectionTimes;
  private readonly credentials: ConnectionCredentials;
  private readonly subscriptions = new Map<string, LiveSubscription>();
  /** Subscriptions whose resolver still runs: the latest `subscribe` of each id. */
  private readonly starts = new Map<string, symbol>();
  /** The full errors of a refusal by the GraphQLError that graphql-ws passes on for it. */
  private readonly refusals = new WeakMap<Error, SubscriptionRefused>();

  constructor(
    private readonly protocol: GraphqlTransportWsServices,
    private readonly handshake: Pick<Handshake, 'socket' | 'place' | 'headers' | 'graphqlPath'>,
  ) {
    const { connections, options } = protocol;
    const { timers } = connections;
    this.socket = handshake.socket;
    this.times = new ConnectionTimes(timers, options, this.socket, 'INIT_TIMEOUT_STANDARD');
    this.credentials = new ConnectionCredentials({
      timers,
      onTokenExpiry: options.onTokenExpiry.graphqlTransportWs,
      warningMs: options.tokenExpiryWarningMs,
      authenticate: (headers) => this.authenticate(headers),
      onWarning: (leftMs) => this.warn(leftMs),
      onExpired: () => this.expired(),
      onRenewed: (before, after) => this.renewed(before, after),
    });
    connections.add(this);
  }

  /** Of the class, not of each connection: there are many. */
  get protocolName(): 'graphql-transport-ws' {
    return 'graphql-transport-ws';
  }

  keepAlive(): void {
    this.socket.checkAlive();
  }

  goAway(): void {
    this.socket.close('SERVICE_RESTART');
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** A mistake of ours ends this connection and no other. */
  fail(error: unknown): void {
    this.protocol.logger.error({ err: error }, 'A connection failed in a way nobody expected');
    this.socket.close('INTERNAL');
  }

  /** The socket is closed; the library ends the subscriptions. */
  closed(): void {
    this.times.end();
    this.credentials.stop();
    this.protocol.connections.remove(this);
  }

  /** Credentials come in the payload of `connection_init`, at its top or under `headers`; else in the handshake's own headers. */
  async authorise(params: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
    this.times.initialised();
    const nested = isJsonObject(params.headers) ? lowerCaseHeaders(params.headers) : {};
    const own = lowerCaseHeaders(this.handshake.headers);
    try {
      const identity = await this.credentials.verify({ ...own, ...lowerCaseHeaders(params), ...nested });
      this.handshake.place.identified(identity);
      if (!this.socket.isOpen) return false;
      this.credentials.hold(identity);
      this.times.acknowledged();
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // The library would close with a bare "Forbidden"; this says why.
      const close = error.definition.retryable ? 'UNAVAILABLE' : 'FORBIDDEN';
      this.socket.close(close, `${closes[close].reason}: ${error.message}`);
      return false;
    }
  }

  /** Answers a `ping`: with its payload, or with how the renewal went that it asks for. */
  ping(payload: unknown): void {
    if (this.isOverRate) return;
    const headers = readRenewal(payload);
    if (!headers) return this.socket.send(JSON.stringify({ type: 'pong', payload }));
    this.credentials.renew(headers).then(
      (answer) => this.socket.send(JSON.stringify({ type: 'pong', payload: answer })),
      (error: unknown) => this.fail(error),
    );
  }

  async accept(id: string, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    try {
      this.requireStartable(id);
      return this.asOperation(await this.start(id, payload));
    } catch (error) {
      if (error instanceof SubscriptionRefused) return [this.toGraphQLError(error)];
      if (error instanceof RequestError) return [this.toGraphQLError(refuse(error))];
      throw error;
    }
  }

  /** What a client is told of an error that the library passes on: a refusal, or the end of a subscription. */
  errorsOf(error: GraphQLError): SubscriptionRefused['errors'] | undefined {
    const reason = error.originalError instanceof SubscriptionRefused ? error.originalError : this.refusals.get(error);
    return reason?.errors;
  }

  private authenticate(headers: Readonly<Record<string, string>>): Promise<Identity> {
    const { graphqlPath, place } = this.handshake;
    const request = connectRequest(graphqlPath, randomUUID());
    return this.protocol.authenticator.authenticate({ headers, sourceIp: place.sourceIp, request });
  }

  private warn(leftMs: number): void {
    const payload = { tokenExpiresInSeconds: Math.floor(leftMs / 1_000) };
    this.socket.send(JSON.stringify({ type: 'ping', payload }));
  }

  private expired(): void {
    if (this.protocol.options.onTokenExpiry.graphqlTransportWs === 'close')
      return this.socket.close('CREDENTIALS_EXPIRED');
    for (const { pending } of [...this.subscriptions.values()])
      pending.fail(refuse(new RequestError('UNAUTHORIZED', unauthorizedTexts.expired)));
  }

  private renewed(before: Identity, after: Identity): void {
    for (const { subscription, pending } of [...this.subscriptions.values()]) {
      if (losesFields(subscription.fieldPolicies, before, after))
        pending.fail(refuse(new RequestError('UNAUTHORIZED', lostRightsText)));
    }
  }

  private requireStartable(id: string): void {
    if (id.length > maxSubscriptionIdLength)
      throw new RequestError('BAD_REQUEST', `An id has at most ${maxSubscriptionIdLength} characters.`);
    this.credentials.requireUnexpired();
    requireRoom(this.protocol, this.subscriptions.size + this.starts.size, this.isOverRate);
  }

  private async start(id: string, payload: SubscribePayload): Promise<PendingSubscription> {
    const start = Symbol();
    this.starts.set(id, start);
    this.countSubscriptions();
    const { identity } = this.credentials;
    const [started] = await Promise.allSettled([this.runResolver(payload)]);
    if (this.starts.get(id) !== start) return this.superseded(id);
    this.starts.delete(id);
    this.countSubscriptions();
    if (started.status === 'rejected') throw started.reason;
    this.requireStillAllowed(started.value, identity);
    return this.register(id, started.value);
  }

  private runResolver({ query, variables, operationName }: SubscribePayload): Promise<AcceptedSubscription> {
    const { identity, headers } = this.credentials;
    return this.protocol.startSubscription.start(
      { query, variables: variables ?? {}, operationName: operationName ?? undefined },
      requestInput(this.protocol.logger, identity, headers, randomUUID()),
    );
  }

  /** While the resolver ran, the credentials may have ended, or been renewed by some that allow less. */
  private requireStillAllowed({ fieldPolicies }: AcceptedSubscription, startedBy: Identity): void {
    const { identity } = this.credentials;
    if (this.protocol.options.onTokenExpiry.graphqlTransportWs !== 'keep') this.credentials.requireUnexpired();
    if (identity !== startedBy && losesFields(fieldPolicies, startedBy, identity))
      throw new RequestError('UNAUTHORIZED', lostRightsText);
  }

  /** Throws a RequestError while a sticky invalidation lasts. */
  private register(id: string, accepted: AcceptedSubscription): PendingSubscription {
    const target = { head: deliveryHead(id, 'next') };
    // Registered before the library looks at it again: should the client have left meanwhile, it returns the iterator.
    const subscription = this.protocol.subscriptions.add(accepted, {
      deliver: (payload) => this.socket.deliver(target, payload),
      invalidate: () => {
        this.socket.releaseHeld();
        pending.end();
        // After the library has sent `complete`, which it does before the next turn of the event loop.
        setImmediate(() => {
          if (this.subscriptions.size + this.starts.size === 0) this.socket.close('INVALIDATED');
        });
      },
      fail: (reason) => pending.fail(refuse(reason)),
    });
    const pending = new PendingSubscription(() => {
      this.protocol.subscriptions.remove(subscription);
      this.socket.forget(target);
      this.subscriptions.delete(id);
      this.countSubscriptions();
    });
    this.subscriptions.set(id, { subscription, pending });
    this.countSubscriptions();
    return pending;
  }

  private countSubscriptions(): void {
    this.times.subscriptionsAre(this.subscriptions.size + this.starts.size);
  }

  private asOperation(pending: PendingSubscription): ExecutionArgs {
    return { schema: this.protocol.api.schema, document: anySubscription, contextValue: pending };
  }

  private toGraphQLError(refused: SubscriptionRefused): GraphQLError {
    const error = new GraphQLError(refused.message);
    this.refusals.set(error, refused);
    return error;
  }

  /**
   * What graphql-ws is given for a `subscribe` that was completed, and followed by another with its id, while its resolver ran.
   * The library does not tell the two apart and keeps whichever settles last under the id; so this one stays silent, and ends
   * the other when the library ends it.
   */
  private superseded(id: string): PendingSubscription {
    return new PendingSubscription(() => this.subscriptions.get(id)?.pending.end());
  }
}
