import type { ServerResponse } from 'node:http';
import type { Identity } from '#libs/identity';
import { closes, RequestError, unauthorizedTexts } from '#libs/protocol';
import type { CloseName } from '#libs/protocol';
import type { PayloadText } from '../../fanout/payload-text.js';
import { refuse } from '../../subscription/start-subscription.js';
import type { SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription, Subscription, SubscriptionSink } from '../../subscription/subscription.js';
import type { ConnectionServices } from '../connection-services.js';
import { limitByClose } from '../connection-socket.js';
import { jitteredAge } from '../connection-times.js';
import type { Connection } from '../connection.js';
import type { WheelTimer } from '../timer-wheel.js';
import { TokenExpiry } from '../token-expiry.js';
import { EventStream } from './event-stream.js';
import { completeEvent, errorEvent, keepAliveComment } from './messages.js';

/**
 * One event stream and the subscription it is for (docs/reference/protocol.md). It begins when the subscription is accepted or
 * refused, and ends with it.
 *
 * Two ends tell a client what to do: behind a `complete` the subscription is over; without one it was only the connection, and
 * clients come back.
 */
export class SseConnection implements Connection, SubscriptionSink {
  private readonly stream: EventStream;
  private subscription: Subscription | undefined;
  private expiry: TokenExpiry | undefined;
  private age: WheelTimer | undefined;

  constructor(
    private readonly services: ConnectionServices,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
  ) {
    this.stream = new EventStream(response, headers, services, () => this.cut('SLOW_CONSUMER'));
    response.once('close', () => this.closed());
    services.connections.add(this);
  }

  /** Of the class, not of each connection: there are many. */
  get protocolName(): 'sse' {
    return 'sse';
  }

  /** From here on its client gets events; or is told why not. The headers of the response, its acknowledgement, leave later. */
  begin(accepted: AcceptedSubscription, identity: Identity): void {
    // The process stops: it was sent away when it came.
    if (!this.stream.isOpen) return;
    try {
      this.subscription = this.services.subscriptions.add(accepted, this);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.fail(error);
    }
    const { options, timers } = this.services;
    const { maxConnectionAgeMs } = options;
    if (maxConnectionAgeMs > 0) this.age = timers.after(jitteredAge(maxConnectionAgeMs), endAged, this);
    this.watch(identity.expiresAtMs);
  }

  /** Tells the client that there is no subscription, and why. */
  refuse(refused: SubscriptionRefused): void {
    this.stream.send(errorEvent(refused));
    this.complete();
  }

  keepAlive(): void {
    this.stream.keepAlive(keepAliveComment);
  }

  goAway(): void {
    this.end('GOING_AWAY');
  }

  terminate(): void {
    this.stream.cut();
  }

  deliver(payload: PayloadText): void {
    this.stream.deliver(payload);
  }

  invalidate(): void {
    if (this.stream.isOpen) this.count('INVALIDATED');
    this.complete();
  }

  fail(reason: RequestError): void {
    this.refuse(refuse(reason));
  }

  /** For the timer only. */
  aged(): void {
    this.end('MAX_AGE');
  }

  private watch(expiresAtMs: number | null): void {
    const { options, timers } = this.services;
    const what = options.onTokenExpiry.sse;
    if (what === 'keep' || expiresAtMs === null) return;
    const onExpired = (): void =>
      what === 'close'
        ? this.end('TOKEN_EXPIRED')
        : this.fail(new RequestError('UNAUTHORIZED', unauthorizedTexts.expired));
    this.expiry = new TokenExpiry({ timers: timers, onExpired });
    this.expiry.watch(expiresAtMs);
  }

  /** The subscription is over for good. */
  private complete(): void {
    this.release();
    this.stream.send(completeEvent);
    this.stream.end(false);
  }

  /** The connection is over, in one of the registry's ways. */
  private end(name: keyof typeof closes): void {
    if (!this.stream.isOpen) return;
    this.release();
    this.count(name);
    this.stream.end(closes[name].shouldReconnect);
  }

  private cut(name: CloseName): void {
    this.release();
    this.count(name);
    this.stream.cut();
  }

  private closed(): void {
    this.release();
    this.stream.closed();
    this.services.connections.remove(this);
  }

  private release(): void {
    if (this.subscription) this.services.subscriptions.remove(this.subscription);
    this.subscription = undefined;
    this.expiry?.stop();
    this.services.timers.cancel(this.age);
  }

  private count(name: CloseName): void {
    const { closes: closeCount, limitRefusals } = this.services.metrics;
    closeCount.inc({ close: name });
    const limit = limitByClose[name];
    if (limit) limitRefusals.inc({ limit });
  }
}

function endAged(connection: SseConnection): void {
  connection.aged();
}
