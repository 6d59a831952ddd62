import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Server as TypedWebSocketServer } from 'ws';
import { appSyncSubprotocol, RequestError } from '#libs/protocol';
import { Admission, retryAfterS } from './admission.js';
import type { Place } from './admission.js';
import { AppSyncConnection } from './appsync/appsync-connection.js';
import { ConnectionServices } from './connection-services.js';
import { ConnectionSocket } from './connection-socket.js';
import { readHandshake } from './connection.js';
import { GraphqlTransportWsConnection } from './graphql-transport-ws/graphql-transport-ws-connection.js';
import { ServerWebSocket } from './server-web-socket.js';

/** Paths that take WebSocket connections: what AppSync's clients derive from a custom domain, and the GraphQL endpoint itself. */
const paths: ReadonlySet<string> = new Set(['/graphql/realtime', '/graphql']);

/** Takes WebSocket upgrades of HTTP servers and hands each to the protocol that its subprotocol names. */
@Injectable()
export class RealtimeServer {
  private readonly server: TypedWebSocketServer<typeof ServerWebSocket>;

  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(ConnectionServices) private readonly services: ConnectionServices,
  ) {
    const { options } = services;
    this.server = new WebSocketServer({
      WebSocket: ServerWebSocket,
      noServer: true,
      maxPayload: options.maxFrameBytes,
      maxFragments: options.maxFragmentsPerMessage,
      // Compression costs memory per connection and leaks lengths of secrets (CRIME); offers are ignored.
      perMessageDeflate: false,
      // The connection registry tracks connections.
      clientTracking: false,
      // Pongs go through the outbox; `ws` would keep two closures for each connection.
      autoPong: false,
      handleProtocols: (offered) => chooseSubprotocol(offered) ?? false,
    });
  }

  /** Serves the upgrades of an HTTP or HTTPS server. */
  attach(httpServer: Pick<Server, 'on'>): void {
    httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A socket that fails before the upgrade has nobody else who listens.
      socket.on('error', this.onSocketError);
      if (!paths.has(pathOf(request))) {
        const message = `WebSocket connections are served at ${[...paths].join(' and ')}.`;
        return this.refuse(socket, new RequestError('BAD_REQUEST', message), 404);
      }
      try {
        requireNoBody(request);
        this.upgrade(request, socket, head, this.admission.admit(request));
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        this.refuse(socket, error);
      }
    });
  }

  private refuse(socket: Duplex, error: RequestError, status?: number): void {
    this.services.metrics.handshakeRefusals.inc({ code: error.code });
    refuseUpgrade(socket, error, status);
  }

  /** One for all sockets: what is made where a request is at hand holds the request as long as the connection. */
  private readonly onSocketError = (error: Error): void => {
    this.services.logger.debug({ err: error }, 'A socket failed during its handshake');
  };

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, place: Place): void {
    this.services.outbox.catchUp();
    let isUpgraded = false;
    // Called before this returns, or never.
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      isUpgraded = true;
      this.open(webSocket, request, socket, place);
    });
    if (!isUpgraded) place.leave();
  }

  private open(webSocket: ServerWebSocket, request: IncomingMessage, raw: Duplex, place: Place): void {
    const socket = new ConnectionSocket(webSocket, raw, place, this.services);
    const handshake = readHandshake(request, { socket, place });
    // Connections keep themselves: their sockets call them.
    if (socket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) new GraphqlTransportWsConnection(this.services, handshake);
    else if (socket.protocol === appSyncSubprotocol) new AppSyncConnection(this.services, handshake);
    else socket.close('SUBPROTOCOL');
  }
}

function chooseSubprotocol(offered: ReadonlySet<string>): string | undefined {
  return [GRAPHQL_TRANSPORT_WS_PROTOCOL, appSyncSubprotocol].find((name) => offered.has(name));
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '').split('?', 1)[0]!;
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** What follows the headers would be read as WebSocket frames by us, and as a body by a proxy. */
function requireNoBody({ headers }: IncomingMessage): void {
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    throw new RequestError('BAD_REQUEST', 'A request for a WebSocket has no body.');
}

/** Answers over HTTP, as the api would. Browsers tell a page nothing of it; programs and proxies read it. */
function refuseUpgrade(socket: Duplex, error: RequestError, status = error.status): void {
  const body = JSON.stringify({ errors: [{ errorType: error.errorType, message: error.message }] });
  const retryAfter = error.definition.retryable ? `Retry-After: ${retryAfterS}\r\n` : '';
  // The client may keep its half open for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retryAfter}x-amzn-ErrorType: ${error.errorType}\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
