import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { errors } from '#libs/protocol';

const realtimePath = /^\/graphql\/realtime\/?(\?|$)/;

const message =
  'This is a WebSocket address, served by the gateway. Connect with the subprotocol graphql-transport-ws or graphql-ws (AppSync).';

/** Answers plain HTTP requests to the realtime endpoint: 426, in AppSync's shape. */
export function explainRealtimePath(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    // Preflights are the business of CORS.
    if (request.method === 'OPTIONS' || !realtimePath.test(request.url)) return done();
    const { errorType } = errors.BAD_REQUEST;
    void reply
      .status(426)
      .headers({ upgrade: 'websocket', connection: 'Upgrade', 'x-amzn-errortype': errorType })
      .send({ errors: [{ errorType, message }] });
  });
}

const streamPath = /^\/graphql\/stream\/?(\?|$)/;

/** Says where requests for event streams belong, in AppSync's shape. For the api as a process of its own, as `refuseUpgrades` is. */
export function explainStreamPath(fastify: Pick<FastifyInstance, 'addHook'>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'OPTIONS' || !streamPath.test(request.url)) return done();
    const { errorType } = errors.BAD_REQUEST;
    const elsewhere = 'Event streams are served by the gateway, not by the api: a proxy must send this path there.';
    void reply
      .status(404)
      .header('x-amzn-errortype', errorType)
      .send({ errors: [{ errorType, message: elsewhere }] });
  });
}

const refusal = 'WebSocket connections are served by the gateway, not by the api.\n';

/**
 * Refuses WebSocket upgrades with a text that says where they belong. For the api as a process of its own: without it Node
 * would hand them to the GraphQL endpoint as plain requests, whose answer says nothing of it.
 */
export function refuseUpgrades(server: Pick<Server, 'on'>): void {
  server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.end(
      'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
        `Content-Length: ${Buffer.byteLength(refusal)}\r\n\r\n${refusal}`,
    );
  });
}
