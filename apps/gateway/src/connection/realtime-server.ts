import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Logger } from '#libs/observability';
import { appSyncSubprotocol, closes } from '#libs/protocol';
import type { GatewayOptions } from '../gateway-options.js';
import { GATEWAY_OPTIONS, LOGGER } from '../tokens.js';
import { AppSyncProtocol } from './appsync/appsync-protocol.js';
import { closeSocket, readHandshake } from './connection.js';
import {
  GraphqlTransportWsProtocol,
  graphqlTransportWsSubprotocol,
} from './graphql-transport-ws/graphql-transport-ws-protocol.js';

/** Paths that take WebSocket connections: what AppSync's clients derive from a custom domain, and the GraphQL endpoint itself. */
const paths: ReadonlySet<string> = new Set(['/graphql/realtime', '/graphql']);

/**
 * Most fragments of one message. Clients send messages whole; a message of many tiny fragments costs far more than its bytes.
 */
export const maxFragments = 128;

/** Takes WebSocket upgrades of HTTP servers and hands each to the protocol that its subprotocol names. */
@Injectable()
export class RealtimeServer {
  private readonly server: WebSocketServer;

  constructor(
    @Inject(GATEWAY_OPTIONS) options: GatewayOptions,
    @Inject(AppSyncProtocol) private readonly appSync: AppSyncProtocol,
    @Inject(GraphqlTransportWsProtocol) private readonly graphqlTransportWs: GraphqlTransportWsProtocol,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxFrameBytes,
      maxFragments,
      // Compression costs memory per connection and leaks lengths of secrets (CRIME); offers are ignored.
      perMessageDeflate: false,
      // The connection registry tracks connections.
      clientTracking: false,
      handleProtocols: (offered) => chooseSubprotocol(offered) ?? false,
    });
  }

  /** Serves the upgrades of an HTTP or HTTPS server. */
  attach(httpServer: Pick<Server, 'on'>): void {
    httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A socket that fails before the upgrade has nobody else who listens.
      socket.on('error', (error) => this.logger.debug({ err: error }, 'A socket failed during its handshake'));
      if (!paths.has(pathOf(request)))
        return refuseUpgrade(socket, 404, `WebSocket connections are served at ${[...paths].join(' and ')}.`);
      this.server.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, request));
    });
  }

  private open(socket: WebSocket, request: IncomingMessage): void {
    // An oversize or malformed frame: ws has already begun to close with the right code.
    socket.on('error', (error) => this.logger.debug({ err: error }, 'A connection broke the WebSocket protocol'));
    const handshake = readHandshake(socket, request, offeredSubprotocols(request));
    if (socket.protocol === graphqlTransportWsSubprotocol) this.graphqlTransportWs.open(handshake);
    else if (socket.protocol === appSyncSubprotocol) this.appSync.open(handshake);
    else closeSocket(socket, closes.SUBPROTOCOL);
  }
}

function chooseSubprotocol(offered: ReadonlySet<string>): string | undefined {
  return [graphqlTransportWsSubprotocol, appSyncSubprotocol].find((name) => offered.has(name));
}

function offeredSubprotocols(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '').split('?', 1)[0]!;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
