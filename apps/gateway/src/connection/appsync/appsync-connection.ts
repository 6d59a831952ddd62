import { randomUUID } from 'node:crypto';
import { connectRequest, startRequest } from '#libs/identity';
import type { Identity } from '#libs/identity';
import {
  appSyncMessages,
  errors,
  idOfRefusedMessage,
  lowerCaseHeaders,
  parseAppSyncMessage,
  readHandshakeHeaders,
  RequestError,
  unauthorizedTexts,
} from '#libs/protocol';
import type { AppSyncClientMessage, AppSyncMessageError, CloseName, JsonObject } from '#libs/protocol';
import { connectionTimeoutMs } from '../../gateway-options.js';
import { refuse, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription } from '../../subscription/subscription.js';
import { requestInput } from '../authorise.js';
import type { ConnectionServices } from '../connection-services.js';
import type { ConnectionSocket, SocketUser } from '../connection-socket.js';
import { ConnectionTimes } from '../connection-times.js';
import type { Connection, Handshake } from '../connection.js';
import type { SubscriptionOwner } from '../connection-subscription.js';
import { requireRoom } from '../require-room.js';
import type { TokenExpiryOptions } from '../token-expiry.js';
import { LiveSubscription } from './live-subscription.js';
import { parseRequest } from './parse-request.js';

/**
 * One connection of AppSync's realtime protocol (AppSync reference, section 3; docs/reference/protocol.md).
 *
 * opened → `connection_init` → authorised by the handshake's header object → `connection_ack`, `ka` → any number of `start`
 * and `stop`, each `start` authorised by itself → closed. Errors of a `start` leave the connection open; refused handshake
 * credentials close it after a `connection_error`.
 */
export class AppSyncConnection implements Connection, SocketUser, SubscriptionOwner {
  readonly socket: ConnectionSocket;
  private readonly graphqlPath: string;
  private readonly sourceIp: readonly string[];
  private readonly times: ConnectionTimes;
  private readonly subscriptions = new Map<string, LiveSubscription>();
  private state: 'opened' | 'authorising' | 'acknowledged' | 'closed' = 'opened';
  /** Needed until `connection_init`, then dropped. */
  private handshake: Handshake | undefined;

  constructor(
    private readonly services: ConnectionServices,
    handshake: Handshake,
  ) {
    this.socket = handshake.socket;
    this.graphqlPath = handshake.graphqlPath;
    this.sourceIp = handshake.place.sourceIp;
    this.handshake = handshake;
    this.times = new ConnectionTimes(services.timers, services.options, this.socket, 'INIT_TIMEOUT');
    this.socket.use(this);
    services.connections.add(this);
  }

  /** Of the class, not of each connection: there are many. */
  get protocolName(): 'appsync' {
    return 'appsync';
  }

  get deliveryType(): 'data' {
    return 'data';
  }

  get floodClose(): CloseName {
    return 'FLOOD';
  }

  keepAlive(): void {
    if (this.socket.checkAlive() && this.state === 'acknowledged') this.send(appSyncMessages.keepAlive);
  }

  goAway(): void {
    this.socket.close('GOING_AWAY');
  }

  terminate(): void {
    this.socket.terminate();
  }

  private send(text: string): void {
    this.socket.send(text);
  }

  receive(text: string | undefined, isOverRate: boolean): void {
    if (this.state === 'closed') return;
    try {
      if (text === undefined) throw new RequestError('BAD_REQUEST', 'Messages are text, not binary.');
      this.handle(parseAppSyncMessage(text), isOverRate);
    } catch (error) {
      if (!(error instanceof RequestError)) return this.fail(error);
      this.sendError(idOfRefusedMessage(error), refuse(error));
    }
  }

  private handle(message: AppSyncClientMessage, isOverRate: boolean): void {
    switch (message.type) {
      case 'connection_init':
        return this.init();
      case 'stop':
        return this.stop(message.id);
      case 'start':
        this.start(message, isOverRate).catch((error: unknown) => this.fail(error));
    }
  }

  /** A second `connection_init` is answered like the first and changes nothing. */
  private init(): void {
    if (this.state === 'acknowledged') return this.acknowledge();
    if (this.state !== 'opened') return;
    this.state = 'authorising';
    this.times.initialised();
    this.authoriseHandshake().then(
      () => this.acknowledge(),
      (error: unknown) => this.refuseConnection(error),
    );
  }

  private async authoriseHandshake(): Promise<void> {
    const handshake = this.handshake!;
    this.handshake = undefined;
    const headers = readHandshakeHeaders(handshake);
    const request = connectRequest(this.graphqlPath, randomUUID());
    const { sourceIp } = this;
    const identity = await this.services.authenticator.authenticate({ headers, sourceIp, request });
    handshake.place.identified(identity);
  }

  private acknowledge(): void {
    if (this.state === 'closed') return;
    if (this.state !== 'acknowledged') this.times.acknowledged();
    this.state = 'acknowledged';
    this.send(appSyncMessages.connectionAck(connectionTimeoutMs));
    // Older clients start their clock with the first keep-alive.
    this.send(appSyncMessages.keepAlive);
  }

  private refuseConnection(error: unknown): void {
    if (!(error instanceof RequestError)) return this.fail(error);
    this.send(appSyncMessages.connectionError(refuse(error).errors as AppSyncMessageError[]));
    this.socket.close(closeFor(error));
  }

  private async start(
    { id, data, authorization }: Extract<AppSyncClientMessage, { type: 'start' }>,
    isOverRate: boolean,
  ): Promise<void> {
    try {
      this.admit(id, isOverRate);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.sendError(id, refuse(error));
    }
    // Its own object: after a `stop` the same id may be started again while the first resolver still runs.
    const live = new LiveSubscription(this, id);
    this.subscriptions.set(id, live);
    this.countSubscriptions();
    // False when a stop or a close came meanwhile; then there is nobody to answer.
    const isWanted = (): boolean => this.subscriptions.get(id) === live;
    try {
      const { identity, accepted } = await this.accept(data, authorization);
      if (!isWanted()) return;
      // Registered before the acknowledgement: what is published after the client has it arrives.
      live.register(this.services.subscriptions, accepted);
      const expiry = this.expiryOf(id);
      if (expiry) live.hold(identity, expiry);
      this.send(appSyncMessages.startAck(id));
    } catch (error) {
      if (!(error instanceof SubscriptionRefused || error instanceof RequestError)) throw error;
      if (!isWanted()) return;
      this.remove(id);
      this.sendError(id, error instanceof RequestError ? refuse(error) : error);
    }
  }

  private admit(id: string, isOverRate: boolean): void {
    if (this.state !== 'acknowledged')
      throw new RequestError('BAD_REQUEST', 'start came before connection_ack; send connection_init first.');
    if (this.subscriptions.has(id))
      throw new RequestError('DUPLICATED_OPERATION', 'The id is in use by another subscription of this connection.');
    requireRoom(this.services, this.subscriptions.size, isOverRate);
  }

  private async accept(
    data: string,
    authorization: JsonObject | null,
  ): Promise<{ readonly identity: Identity; readonly accepted: AcceptedSubscription }> {
    const headers = lowerCaseHeaders(authorization ?? {});
    const request = startRequest(this.graphqlPath, data, randomUUID());
    const identity = await this.services.authenticator.authenticate({ headers, sourceIp: this.sourceIp, request });
    this.renew(identity);
    const accepted = await this.services.startSubscription.start(
      parseRequest(data),
      requestInput(this.services.logger, identity, headers, request.requestId),
    );
    return { identity, accepted };
  }

  /** Whoever starts a subscription with newer credentials renews those of the others that are theirs. */
  private renew(identity: Identity): void {
    for (const [id, live] of [...this.subscriptions]) {
      const reason = live.renew(identity);
      if (reason) this.endWith(id, reason);
    }
  }

  private expiryOf(id: string): TokenExpiryOptions | undefined {
    const { options, timers } = this.services;
    const what = options.onTokenExpiry.appSync;
    if (what === 'keep') return undefined;
    return {
      timers,
      onExpired: () => {
        if (what === 'close') return this.socket.close('TOKEN_EXPIRED');
        this.endWith(id, new RequestError('UNAUTHORIZED', unauthorizedTexts.expired));
      },
    };
  }

  /** A `stop` for an id that is not there crossed the end of its subscription: there is nothing left to say. */
  private stop(id: string): void {
    if (this.remove(id)) this.send(appSyncMessages.complete(id));
  }

  private countSubscriptions(): void {
    this.times.subscriptionsAre(this.subscriptions.size);
  }

  private remove(id: string): boolean {
    const live = this.subscriptions.get(id);
    if (live === undefined) return false;
    this.subscriptions.delete(id);
    this.countSubscriptions();
    live.end(this.services.subscriptions);
    return true;
  }

  /**
   * `complete` is AppSync's word for it; Amplify's client drops that, heeds an `error`, and does not subscribe again by itself
   * as long as the error is not of an authorization type and comes before the close (docs/reference/protocol.md).
   */
  invalidate(id: string): void {
    // What was published before the invalidation comes before it.
    this.socket.releaseHeld();
    if (!this.remove(id)) return;
    this.send(appSyncMessages.complete(id));
    this.send(
      appSyncMessages.error(id, [
        { errorType: errors.SUBSCRIPTION_INVALIDATED.errorType, message: 'Subscription complete.' },
      ]),
    );
    if (this.subscriptions.size === 0) this.socket.close('INVALIDATED');
  }

  endWith(id: string, reason: RequestError): void {
    if (this.remove(id)) this.sendError(id, refuse(reason));
  }

  private sendError(id: string | undefined, refused: SubscriptionRefused): void {
    this.send(appSyncMessages.error(id, refused.errors as AppSyncMessageError[], refused.data));
  }

  /** A mistake of ours ends this connection and no other. */
  private fail(error: unknown): void {
    this.services.logger.error({ err: error }, 'A connection failed in a way nobody expected');
    this.socket.close('INTERNAL');
  }

  closed(): void {
    this.state = 'closed';
    this.handshake = undefined;
    for (const id of [...this.subscriptions.keys()]) this.remove(id);
    this.times.end();
    this.services.connections.remove(this);
  }
}

/** How a connection ends whose handshake was refused with this error. */
function closeFor({ definition }: RequestError): CloseName {
  if (definition === errors.UNAUTHORIZED) return 'UNAUTHORIZED';
  return definition.retryable ? 'UNAVAILABLE' : 'PROTOCOL_ERROR';
}
