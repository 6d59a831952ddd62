import { randomUUID } from 'node:crypto';
import { MessageType, parseMessage } from 'graphql-ws';
import type { Message, SubscribePayload } from 'graphql-ws';
import { connectRequest } from '#libs/identity';
import type { Identity } from '#libs/identity';
import { closes, maxSubscriptionIdLength, RequestError, unauthorizedTexts } from '#libs/protocol';
import type { CloseName } from '#libs/protocol';
import { refuse, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription } from '../../subscription/subscription.js';
import type { Place } from '../admission.js';
import { requestInput } from '../authorise.js';
import type { ConnectionServices } from '../connection-services.js';
import type { ConnectionSocket, SocketUser } from '../connection-socket.js';
import { ConnectionSubscription } from '../connection-subscription.js';
import type { SubscriptionOwner } from '../connection-subscription.js';
import { ConnectionTimes } from '../connection-times.js';
import type { Connection, Handshake } from '../connection.js';
import { readRenewal, reasonToEnd } from '../renewal.js';
import { requireRoom } from '../require-room.js';
import { ConnectionCredentials } from './connection-credentials.js';
import type { CredentialsOwner } from './connection-credentials.js';
import { connectionHeaders } from './connection-headers.js';
import { standardMessages } from './messages.js';

/**
 * One connection of graphql-transport-ws (docs/reference/protocol.md).
 *
 * opened → `connection_init`, which authorises it → `connection_ack` → any number of `subscribe` and `complete` → closed. What
 * breaks the protocol closes the connection, with the codes and reasons of the `graphql-ws` library; a `subscribe` that is
 * refused does not. Messages are that library's. Its state machine is not: it keeps each subscription's query and six
 * closures as long as the subscription lives, and an event could not pass it without a promise
 * (docs/adr/0013-write-path.md). A test holds the two to the same answers.
 */
export class GraphqlTransportWsConnection implements Connection, SocketUser, SubscriptionOwner, CredentialsOwner {
  readonly socket: ConnectionSocket;
  private readonly place: Place;
  private readonly graphqlPath: string;
  private readonly times: ConnectionTimes;
  private readonly credentials: ConnectionCredentials;
  private readonly subscriptions = new Map<string, ConnectionSubscription>();
  private state: 'opened' | 'authorising' | 'acknowledged' | 'closed' = 'opened';
  /** Needed until `connection_init`, then dropped. */
  private handshakeHeaders: Handshake['headers'] | undefined;

  constructor(
    private readonly services: ConnectionServices,
    { socket, place, graphqlPath, headers }: Pick<Handshake, 'socket' | 'place' | 'headers' | 'graphqlPath'>,
  ) {
    const { connections, timers, options } = services;
    this.socket = socket;
    this.place = place;
    this.graphqlPath = graphqlPath;
    this.handshakeHeaders = headers;
    this.times = new ConnectionTimes(timers, options, socket, 'INIT_TIMEOUT_STANDARD');
    this.credentials = new ConnectionCredentials(this, timers, options);
    socket.use(this);
    connections.add(this);
  }

  /** Of the class, not of each connection: there are many. */
  get protocolName(): 'graphql-transport-ws' {
    return 'graphql-transport-ws';
  }

  get deliveryType(): 'next' {
    return 'next';
  }

  get floodClose(): CloseName {
    return 'TOO_MANY_MESSAGES';
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

  receive(text: string | undefined, isOverRate: boolean): void {
    let message: Message;
    try {
      message = parseMessage(text);
    } catch {
      // The error is dropped: it quotes the message. The reason is the library's for all of them.
      return this.socket.close('INVALID_MESSAGE');
    }
    this.handle(message, isOverRate);
  }

  closed(): void {
    this.state = 'closed';
    this.handshakeHeaders = undefined;
    for (const id of [...this.subscriptions.keys()]) this.remove(id);
    this.times.end();
    this.credentials.stop();
    this.services.connections.remove(this);
  }

  invalidate(id: string): void {
    // What was published before the invalidation comes before it.
    this.socket.releaseHeld();
    if (!this.remove(id)) return;
    this.socket.send(standardMessages.complete(id));
    if (this.subscriptions.size === 0) this.socket.close('INVALIDATED');
  }

  endWith(id: string, reason: RequestError): void {
    if (this.remove(id)) this.sendError(id, refuse(reason));
  }

  authenticate(headers: Readonly<Record<string, string>>): Promise<Identity> {
    const request = connectRequest(this.graphqlPath, randomUUID());
    return this.services.authenticator.authenticate({ headers, sourceIp: this.place.sourceIp, request });
  }

  warn(leftMs: number): void {
    this.socket.send(standardMessages.ping({ tokenExpiresInSeconds: Math.floor(leftMs / 1_000) }));
  }

  expired(): void {
    if (this.services.options.onTokenExpiry.graphqlTransportWs === 'close')
      return this.socket.close('CREDENTIALS_EXPIRED');
    for (const [id, { isRegistered }] of [...this.subscriptions])
      if (isRegistered) this.endWith(id, new RequestError('UNAUTHORIZED', unauthorizedTexts.expired));
  }

  renewed(before: Identity, after: Identity): void {
    for (const [id, live] of [...this.subscriptions]) {
      const reason = live.fieldPolicies && reasonToEnd(live.fieldPolicies, before, after);
      if (reason) this.endWith(id, reason);
      else live.renewed(after);
    }
  }

  private handle(message: Message, isOverRate: boolean): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.init(message.payload ?? {});
      case MessageType.Ping:
        return this.ping(message.payload, isOverRate);
      case MessageType.Pong:
        return undefined;
      case MessageType.Subscribe:
        return this.subscribe(message.id, message.payload, isOverRate);
      case MessageType.Complete:
        return void this.remove(message.id);
      default:
        // One that only servers send.
        return this.socket.close('INVALID_MESSAGE');
    }
  }

  private init(params: Readonly<Record<string, unknown>>): void {
    if (this.state !== 'opened') return this.socket.close('SECOND_INIT', 'Too many initialisation requests');
    this.state = 'authorising';
    this.times.initialised();
    this.authorise(params).then(
      (identity) => this.acknowledge(identity),
      (error: unknown) => this.refuseConnection(error),
    );
  }

  /** Credentials come in the payload of `connection_init`, at its top or under `headers`; else in the handshake's own headers. */
  private async authorise(params: Readonly<Record<string, unknown>>): Promise<Identity> {
    const headers = connectionHeaders(params, this.handshakeHeaders ?? {});
    this.handshakeHeaders = undefined;
    const identity = await this.credentials.verify(headers);
    this.place.identified(identity);
    return identity;
  }

  private acknowledge(identity: Identity): void {
    if (this.state !== 'authorising' || !this.socket.isOpen) return;
    this.state = 'acknowledged';
    this.credentials.hold(identity);
    this.times.acknowledged();
    this.socket.send(standardMessages.connectionAck);
  }

  private refuseConnection(error: unknown): void {
    if (!(error instanceof RequestError)) return this.fail(error);
    const close = error.definition.retryable ? 'UNAVAILABLE' : 'FORBIDDEN';
    this.socket.close(close, `${closes[close].reason}: ${error.message}`);
  }

  /** Answers with the payload of the ping, or with how the renewal went that it asks for. */
  private ping(payload: unknown, isOverRate: boolean): void {
    if (isOverRate) return;
    const headers = readRenewal(payload);
    if (!headers) return this.socket.send(standardMessages.pong(payload ?? undefined));
    this.credentials.renew(headers).then(
      (answer) => this.socket.send(standardMessages.pong(answer)),
      (error: unknown) => this.fail(error),
    );
  }

  private subscribe(id: string, payload: SubscribePayload, isOverRate: boolean): void {
    if (this.state !== 'acknowledged') return this.socket.close('UNACKNOWLEDGED', 'Unauthorized');
    if (this.subscriptions.has(id)) return this.socket.close('DUPLICATE_ID', `Subscriber for ${id} already exists`);
    this.start(id, payload, isOverRate).catch((error: unknown) => this.fail(error));
  }

  private async start(id: string, payload: SubscribePayload, isOverRate: boolean): Promise<void> {
    try {
      this.requireStartable(id, isOverRate);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.sendError(id, refuse(error));
    }
    // Its own object: after a `complete` the same id may be started again while the first resolver still runs.
    const live = new ConnectionSubscription(this, id);
    this.subscriptions.set(id, live);
    this.countSubscriptions();
    // False when a complete or a close came meanwhile; then there is nobody to answer.
    const isWanted = (): boolean => this.subscriptions.get(id) === live;
    try {
      const accepted = await this.accept(payload);
      if (isWanted()) live.register(this.services.subscriptions, accepted);
    } catch (error) {
      if (!(error instanceof SubscriptionRefused || error instanceof RequestError)) throw error;
      if (!isWanted()) return;
      this.remove(id);
      this.sendError(id, error instanceof RequestError ? refuse(error) : error);
    }
  }

  private requireStartable(id: string, isOverRate: boolean): void {
    if (id.length > maxSubscriptionIdLength)
      throw new RequestError('BAD_REQUEST', `An id has at most ${maxSubscriptionIdLength} characters.`);
    this.credentials.requireUnexpired();
    requireRoom(this.services, this.subscriptions.size, isOverRate);
  }

  private async accept({ query, variables, operationName }: SubscribePayload): Promise<AcceptedSubscription> {
    const identity = this.credentials.requireStanding();
    const { headers } = this.credentials;
    const accepted = await this.services.startSubscription.start(
      { query, variables: variables ?? {}, operationName: operationName ?? undefined },
      requestInput(this.services.logger, identity, headers, randomUUID()),
    );
    this.requireStillAllowed(accepted, identity);
    return accepted;
  }

  /** While the resolver ran, the credentials may have ended, or been renewed by some that it may not go on with. */
  private requireStillAllowed({ fieldPolicies }: AcceptedSubscription, startedBy: Identity): void {
    const { identity } = this.credentials;
    if (this.services.options.onTokenExpiry.graphqlTransportWs !== 'keep') this.credentials.requireUnexpired();
    const reason = identity === startedBy ? undefined : reasonToEnd(fieldPolicies, startedBy, identity);
    if (reason) throw reason;
  }

  private remove(id: string): boolean {
    const live = this.subscriptions.get(id);
    if (!live) return false;
    this.subscriptions.delete(id);
    this.countSubscriptions();
    live.end(this.services.subscriptions);
    return true;
  }

  private countSubscriptions(): void {
    this.times.subscriptionsAre(this.subscriptions.size);
  }

  private sendError(id: string, { errors }: SubscriptionRefused): void {
    this.socket.send(standardMessages.error(id, errors));
  }

  /** A mistake of ours ends this connection and no other. */
  private fail(error: unknown): void {
    this.services.logger.error({ err: error }, 'A connection failed in a way nobody expected');
    this.socket.close('INTERNAL');
  }
}
