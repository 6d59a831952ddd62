import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#libs/observability';
import { PacedCloses } from '../drain/paced-closes.js';
import type { GatewayOptions } from '../gateway-options.js';
import { GATEWAY_OPTIONS, LOGGER } from '../tokens.js';
import type { Connection, ConnectionProtocol } from './connection.js';
import { TimerWheel } from './timer-wheel.js';

/**
 * Time clients have to answer the close frame when the process stops, in milliseconds. One that is there answers within a round
 * trip; one that is not must not hold the process up.
 */
const goodbyeMs = 2_000;

/** Open connections, and the wheel that all their timers are on. */
@Injectable()
export class ConnectionRegistry implements BeforeApplicationShutdown {
  /** Everything that is to happen to a connection at a time; whatever waits when the process stops does not happen. */
  readonly timers: TimerWheel;
  private readonly connections = new Set<Connection>();
  private readonly emptied = Promise.withResolvers<void>();
  private isClosing = false;
  private pacedCloses: PacedCloses | undefined;

  constructor(
    @Inject(GATEWAY_OPTIONS) { keepAliveMs }: Pick<GatewayOptions, 'keepAliveMs'>,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onFailure = (error: unknown): void =>
      logger.error({ err: error }, 'A timer of a connection failed in a way nobody expected');
    this.timers = new TimerWheel({ onFailure });
    const keepAlive = (): void => {
      this.timers.after(keepAliveMs, keepAlive);
      for (const connection of this.connections) connection.keepAlive();
    };
    this.timers.after(keepAliveMs, keepAlive);
  }

  /** Open connections. */
  get count(): number {
    return this.connections.size;
  }

  /** Open connections of each protocol. Counted here and now: nobody asks but for metrics. */
  countByProtocol(): ReadonlyMap<ConnectionProtocol, number> {
    const counts = new Map<ConnectionProtocol, number>([
      ['appsync', 0],
      ['graphql-transport-ws', 0],
      ['sse', 0],
    ]);
    for (const { protocolName } of this.connections) counts.set(protocolName, (counts.get(protocolName) ?? 0) + 1);
    return counts;
  }

  /** A connection that comes while the process stops is sent away in its turn, or at once. */
  add(connection: Connection): void {
    this.connections.add(connection);
    if (this.isClosing) connection.goAway();
    else this.pacedCloses?.add(connection);
  }

  remove(connection: Connection): void {
    this.connections.delete(connection);
    this.pacedCloses?.remove(connection);
    if (this.isClosing && this.connections.size === 0) this.emptied.resolve();
  }

  /** Begins to send every client away, over a time. What is answered moves it on; `goodbye` must follow. */
  beginDrain(overMs: number): PacedCloses {
    this.pacedCloses = new PacedCloses(this.connections, { overMs });
    return this.pacedCloses;
  }

  /** Sends away whoever is still here, waits for clients' answers until `goodbyeMs` have passed, and cuts the rest. Gives their number. */
  async goodbye(): Promise<number> {
    this.isClosing = true;
    if (this.connections.size === 0) return 0;
    for (const connection of this.connections) connection.goAway();
    const timer = setTimeout(() => this.emptied.resolve(), goodbyeMs);
    await this.emptied.promise;
    clearTimeout(timer);
    for (const connection of this.connections) connection.terminate();
    return this.connections.size;
  }

  /**
   * Sends every client away, unless a drain has; they come back to another process. Before the HTTP server closes, because that
   * would cut the sockets without a word.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.timers.stop();
    await this.goodbye();
  }
}
