import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { connectRequest, startRequest } from '#libs/identity';
import type { Authenticator } from '#libs/identity';
import type { Logger } from '#libs/observability';
import {
  appSyncMessages,
  closes,
  errors,
  idOfRefusedMessage,
  lowerCaseHeaders,
  parseAppSyncMessage,
  readHandshakeHeaders,
  RequestError,
} from '#libs/protocol';
import type { AppSyncClientMessage, AppSyncMessageError, Close, JsonObject } from '#libs/protocol';
import { connectionTimeoutMs } from '../../gateway-options.js';
import type { GatewayOptions } from '../../gateway-options.js';
import { refuse, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { StartSubscription } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription, Subscription, SubscriptionSink } from '../../subscription/subscription.js';
import type { SubscriptionRegistry } from '../../subscription/subscription-registry.js';
import { requestInput } from '../authorise.js';
import type { ConnectionRegistry } from '../connection-registry.js';
import { closeSocket, sendText } from '../connection.js';
import type { Connection, Handshake } from '../connection.js';
import { Liveness } from '../liveness.js';
import { parseRequest } from './parse-request.js';

/** What every connection of the protocol shares. */
export interface AppSyncServices {
  readonly authenticator: Authenticator;
  readonly startSubscription: Pick<StartSubscription, 'start'>;
  readonly subscriptions: SubscriptionRegistry;
  readonly connections: ConnectionRegistry;
  readonly options: GatewayOptions;
  readonly logger: Logger;
}

/**
 * A `start` whose resolver is still running: its id is taken, and `stop` can still withdraw it. Each is its own, because after
 * a `stop` the same id may be started again while the first resolver still runs.
 */
class Starting {
  readonly kind = 'starting';
}

/**
 * One connection of AppSync's realtime protocol (AppSync reference, section 3; docs/reference/protocol.md).
 *
 * opened → `connection_init` → authorised by the handshake's header object → `connection_ack`, `ka` → any number of `start`
 * and `stop`, each `start` authorised by itself → closed. Errors of a `start` leave the connection open; refused handshake
 * credentials close it after a `connection_error`.
 */
export class AppSyncConnection implements Connection {
  private readonly socket: WebSocket;
  private readonly graphqlPath: string;
  private readonly sourceIp: readonly string[];
  private readonly liveness: Liveness;
  private readonly subscriptions = new Map<string, Subscription | Starting>();
  private state: 'opened' | 'authorising' | 'acknowledged' | 'closed' = 'opened';
  /** Needed until `connection_init`, then dropped. */
  private handshake: Handshake | undefined;
  private initTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly protocol: AppSyncServices,
    handshake: Handshake,
  ) {
    this.socket = handshake.socket;
    this.graphqlPath = handshake.graphqlPath;
    this.sourceIp = handshake.sourceIp;
    this.handshake = handshake;
    this.liveness = new Liveness(this.socket);
    this.initTimer = setTimeout(
      () => closeSocket(this.socket, closes.INIT_TIMEOUT),
      protocol.options.connectionInitTimeoutMs,
    );
    this.socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    this.socket.on('close', () => this.closed());
    protocol.connections.add(this);
  }

  keepAlive(): void {
    if (this.liveness.check() && this.state === 'acknowledged') this.send(appSyncMessages.keepAlive);
  }

  goAway(): void {
    closeSocket(this.socket, closes.GOING_AWAY);
  }

  terminate(): void {
    this.socket.terminate();
  }

  private send(text: string): void {
    sendText(this.socket, text);
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.state === 'closed') return;
    try {
      if (isBinary) throw new RequestError('BAD_REQUEST', 'Messages are text, not binary.');
      this.handle(parseAppSyncMessage((data as Buffer).toString('utf8')));
    } catch (error) {
      if (!(error instanceof RequestError)) return this.fail(error);
      this.sendError(idOfRefusedMessage(error), refuse(error));
    }
  }

  private handle(message: AppSyncClientMessage): void {
    switch (message.type) {
      case 'connection_init':
        return this.init();
      case 'stop':
        return this.stop(message.id);
      case 'start':
        this.start(message).catch((error: unknown) => this.fail(error));
    }
  }

  /** A second `connection_init` is answered like the first and changes nothing. */
  private init(): void {
    if (this.state === 'acknowledged') return this.acknowledge();
    if (this.state !== 'opened') return;
    this.state = 'authorising';
    clearTimeout(this.initTimer);
    this.authoriseHandshake().then(
      () => this.acknowledge(),
      (error: unknown) => this.refuseConnection(error),
    );
  }

  private async authoriseHandshake(): Promise<void> {
    const headers = readHandshakeHeaders(this.handshake!);
    this.handshake = undefined;
    const request = connectRequest(this.graphqlPath, randomUUID());
    await this.protocol.authenticator.authenticate({ headers, sourceIp: this.sourceIp, request });
  }

  private acknowledge(): void {
    if (this.state === 'closed') return;
    this.state = 'acknowledged';
    this.send(appSyncMessages.connectionAck(connectionTimeoutMs));
    // Older clients start their clock with the first keep-alive.
    this.send(appSyncMessages.keepAlive);
  }

  private refuseConnection(error: unknown): void {
    if (!(error instanceof RequestError)) return this.fail(error);
    this.send(appSyncMessages.connectionError(refuse(error).errors as AppSyncMessageError[]));
    closeSocket(this.socket, closeFor(error));
  }

  private async start({ id, data, authorization }: Extract<AppSyncClientMessage, { type: 'start' }>): Promise<void> {
    try {
      this.admit(id);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.sendError(id, refuse(error));
    }
    const starting = new Starting();
    this.subscriptions.set(id, starting);
    // False when a stop or a close came meanwhile; then there is nobody to answer.
    const isWanted = (): boolean => this.subscriptions.get(id) === starting;
    try {
      const accepted = await this.accept(data, authorization);
      if (!isWanted()) return;
      const subscription: Subscription = { ...accepted, sink: this.sinkOf(id) };
      this.subscriptions.set(id, subscription);
      // Registered before the acknowledgement: what is published after the client has it arrives.
      this.protocol.subscriptions.add(subscription);
      this.send(appSyncMessages.startAck(id));
    } catch (error) {
      if (!(error instanceof SubscriptionRefused || error instanceof RequestError)) throw error;
      if (!isWanted()) return;
      this.subscriptions.delete(id);
      this.sendError(id, error instanceof RequestError ? refuse(error) : error);
    }
  }

  private admit(id: string): void {
    if (this.state !== 'acknowledged')
      throw new RequestError('BAD_REQUEST', 'start came before connection_ack; send connection_init first.');
    if (this.subscriptions.has(id))
      throw new RequestError('DUPLICATED_OPERATION', 'The id is in use by another subscription of this connection.');
    const max = this.protocol.options.maxSubscriptionsPerConnection;
    if (this.subscriptions.size >= max)
      throw new RequestError('MAX_SUBSCRIPTIONS', `Max number of ${max} subscriptions reached`);
  }

  private async accept(data: string, authorization: JsonObject | null): Promise<AcceptedSubscription> {
    const headers = lowerCaseHeaders(authorization ?? {});
    const request = startRequest(this.graphqlPath, data, randomUUID());
    const identity = await this.protocol.authenticator.authenticate({ headers, sourceIp: this.sourceIp, request });
    return this.protocol.startSubscription.start(
      parseRequest(data),
      requestInput(this.protocol.logger, identity, headers, request.requestId),
    );
  }

  private sinkOf(id: string): SubscriptionSink {
    return {
      deliver: (result) => this.send(appSyncMessages.data(id, result)),
      invalidate: () => this.invalidate(id),
    };
  }

  /** A `stop` for an id that is not there crossed the end of its subscription: there is nothing left to say. */
  private stop(id: string): void {
    if (this.remove(id)) this.send(appSyncMessages.complete(id));
  }

  private remove(id: string): boolean {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) return false;
    this.subscriptions.delete(id);
    if (!(subscription instanceof Starting)) this.protocol.subscriptions.remove(subscription);
    return true;
  }

  /**
   * `complete` is AppSync's word for it; Amplify's client drops that, heeds an `error`, and does not subscribe again by itself
   * as long as the error is not of an authorization type and comes before the close (docs/reference/protocol.md).
   */
  private invalidate(id: string): void {
    if (!this.remove(id)) return;
    this.send(appSyncMessages.complete(id));
    this.send(
      appSyncMessages.error(id, [
        { errorType: errors.SUBSCRIPTION_INVALIDATED.errorType, message: 'Subscription complete.' },
      ]),
    );
    if (this.subscriptions.size === 0) closeSocket(this.socket, closes.INVALIDATED);
  }

  private sendError(id: string | undefined, refused: SubscriptionRefused): void {
    this.send(appSyncMessages.error(id, refused.errors as AppSyncMessageError[], refused.data));
  }

  /** A mistake of ours ends this connection and no other. */
  private fail(error: unknown): void {
    this.protocol.logger.error({ err: error }, 'A connection failed in a way nobody expected');
    closeSocket(this.socket, closes.INTERNAL);
  }

  private closed(): void {
    this.state = 'closed';
    this.handshake = undefined;
    clearTimeout(this.initTimer);
    for (const id of [...this.subscriptions.keys()]) this.remove(id);
    this.protocol.connections.remove(this);
  }
}

/** How a connection ends whose handshake was refused with this error. */
function closeFor({ definition }: RequestError): Close {
  if (definition === errors.UNAUTHORIZED) return closes.UNAUTHORIZED;
  return definition.retryable ? closes.UNAVAILABLE : closes.PROTOCOL_ERROR;
}
