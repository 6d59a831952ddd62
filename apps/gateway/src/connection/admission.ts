import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { addressBlock, clientAddresses } from '#libs/config';
import type { Identity } from '#libs/identity';
import type { Metrics } from '#libs/observability';
import { RequestError } from '#libs/protocol';
import type { ErrorCode } from '#libs/protocol';
import type { GatewayOptions } from '../gateway-options.js';
import { GATEWAY_OPTIONS, METRICS } from '../tokens.js';
import { Counts } from './counts.js';
import { identityKey } from './identity-key.js';
import { TokenBucket } from './token-bucket.js';
import { TokenBuckets } from './token-buckets.js';

/** When those may come back for whom there is no room, in seconds: soon, because room is made all the time. */
export const retryAfterS = 1;

/** What one connection takes of the limits, from its upgrade or request until `leave`. */
export class Place {
  private isPending = true;
  private isHere = true;
  private key: string | null = null;

  constructor(
    private readonly admission: Admission,
    private readonly address: string,
    /** Addresses it comes from, client first, the TCP peer last. */
    readonly sourceIp: readonly string[],
  ) {}

  /**
   * The handshake's credentials are good, and the handshake is over with it. Throws a RequestError where this identity has as
   * many connections as it may.
   */
  identified(identity: Identity): void {
    if (!this.isHere) return;
    this.finishHandshake();
    this.key = this.admission.enter(identity);
  }

  /** The connection is over. May be called twice. */
  leave(): void {
    if (!this.isHere) return;
    this.isHere = false;
    this.finishHandshake();
    this.admission.left(this.address, this.key);
  }

  private finishHandshake(): void {
    if (this.isPending) this.admission.finishedHandshake(this.address);
    this.isPending = false;
  }
}

/** Decides who may connect: at first by what a request says, and once more when it is known whose it is. */
@Injectable()
export class Admission {
  private readonly handshakes: TokenBucket;
  private readonly handshakesByAddress: TokenBuckets;
  private readonly byAddress = new Counts();
  private readonly pendingByAddress = new Counts();
  private readonly byIdentity = new Counts();
  private connections = 0;
  private isOver = false;

  constructor(
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
    this.handshakes = new TokenBucket({ perSecond: options.maxHandshakesPerSecond });
    this.handshakesByAddress = new TokenBuckets({ perSecond: options.maxHandshakesPerSecondPerAddress });
  }

  /** The process stops: nobody is let in any more. */
  close(): void {
    this.isOver = true;
  }

  get isClosed(): boolean {
    return this.isOver;
  }

  /**
   * Gives an upgrade, or a request for an event stream, its place; or throws a RequestError that says why there is none, and
   * nothing is taken then.
   */
  admit(request: Pick<IncomingMessage, 'headers' | 'socket'>): Place {
    const { headers, socket } = request;
    if (this.isOver) throw new RequestError('OVERLOADED', 'This server stops. Connect again: another one is there.');
    if (!this.options.allowedOrigins.has(headers.origin))
      throw this.refusal('ALLOWED_ORIGINS', 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not connect.');

    const sourceIp = clientAddresses(socket.remoteAddress, headers['x-forwarded-for'], this.options.trustedProxies);
    const address = addressBlock(sourceIp[0] ?? '');
    this.requireRoom(address);
    return this.take(address, sourceIp);
  }

  private requireRoom(address: string): void {
    const { maxConnections, maxConnectionsPerAddress, maxPendingHandshakesPerAddress } = this.options;
    if (isReached(maxConnections, this.connections))
      throw this.refusal('MAX_CONNECTIONS', 'OVERLOADED', `Too many connections: this server takes ${maxConnections}.`);
    if (isReached(maxConnectionsPerAddress, this.byAddress.of(address)))
      throw this.refusal(
        'MAX_CONNECTIONS_PER_ADDRESS',
        'LIMIT_EXCEEDED',
        `Too many connections: an address may have ${maxConnectionsPerAddress}.`,
      );
    if (isReached(maxPendingHandshakesPerAddress, this.pendingByAddress.of(address)))
      throw this.refusal(
        'MAX_PENDING_HANDSHAKES_PER_ADDRESS',
        'LIMIT_EXCEEDED',
        `Too many handshakes: an address may have ${maxPendingHandshakesPerAddress} that are not finished.`,
      );
    this.requireTurn(address);
  }

  /** Last, so that whoever is refused for another reason takes nobody's turn; the server's own after the address's for the same. */
  private requireTurn(address: string): void {
    const { maxHandshakesPerSecond, maxHandshakesPerSecondPerAddress } = this.options;
    if (!this.handshakesByAddress.tryTake(address))
      throw this.refusal(
        'MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS',
        'LIMIT_EXCEEDED',
        `Too many handshakes: an address may have ${maxHandshakesPerSecondPerAddress} a second.`,
      );
    if (!this.handshakes.tryTake())
      throw this.refusal(
        'MAX_HANDSHAKES_PER_SECOND',
        'OVERLOADED',
        `Too many handshakes: this server takes ${maxHandshakesPerSecond} a second.`,
      );
  }

  private take(address: string, sourceIp: readonly string[]): Place {
    this.connections += 1;
    this.byAddress.add(address);
    this.pendingByAddress.add(address);
    return new Place(this, address, sourceIp);
  }

  /** For places only, as what follows. Gives the key that a connection of the identity is counted under; null where it names nobody. */
  enter(identity: Identity): string | null {
    const key = identityKey(identity);
    if (key === null) return null;
    this.requireRoomForIdentity(key);
    this.byIdentity.add(key);
    return key;
  }

  finishedHandshake(address: string): void {
    this.pendingByAddress.remove(address);
  }

  left(address: string, key: string | null): void {
    this.connections -= 1;
    this.byAddress.remove(address);
    if (key !== null) this.byIdentity.remove(key);
  }

  private requireRoomForIdentity(key: string): void {
    const { maxConnectionsPerIdentity } = this.options;
    if (isReached(maxConnectionsPerIdentity, this.byIdentity.of(key)))
      throw this.refusal(
        'MAX_CONNECTIONS_PER_IDENTITY',
        'LIMIT_EXCEEDED',
        `Too many connections: an identity may have ${maxConnectionsPerIdentity}.`,
      );
  }

  private refusal(limit: string, code: ErrorCode, message: string): RequestError {
    this.metrics.limitRefusals.inc({ limit });
    return new RequestError(code, message, { limit });
  }
}

function isReached(limit: number, count: number): boolean {
  return limit > 0 && count >= limit;
}
