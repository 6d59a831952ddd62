import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { GatewayOptions } from '../gateway-options.js';
import { GATEWAY_OPTIONS } from '../tokens.js';
import type { Connection } from './connection.js';

/** Open connections, and the one timer that keeps them alive. */
@Injectable()
export class ConnectionRegistry implements OnApplicationShutdown {
  private readonly connections = new Set<Connection>();
  private readonly timer: NodeJS.Timeout;

  constructor(@Inject(GATEWAY_OPTIONS) options: GatewayOptions) {
    this.timer = setInterval(() => {
      for (const connection of this.connections) connection.keepAlive();
    }, options.keepAliveMs).unref();
  }

  /** Open connections. */
  get count(): number {
    return this.connections.size;
  }

  add(connection: Connection): void {
    this.connections.add(connection);
  }

  remove(connection: Connection): void {
    this.connections.delete(connection);
  }

  /** Sends every client away; they come back to another process. */
  onApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const connection of this.connections) connection.goAway();
    this.connections.clear();
  }
}
