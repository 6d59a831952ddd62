import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { httpRequest, readCredentials } from '#libs/identity';
import type { Identity } from '#libs/identity';
import { lowerCaseHeaders, RequestError } from '#libs/protocol';
import type { GraphqlRequest } from '#libs/protocol';
import { refuse, SubscriptionRefused } from '../../subscription/start-subscription.js';
import type { AcceptedSubscription } from '../../subscription/subscription.js';
import { Admission } from '../admission.js';
import { requestInput } from '../authorise.js';
import { ConnectionServices } from '../connection-services.js';
import { answerRefusal } from './answer-refusal.js';
import { corsHeaders, preflightHeaders } from './cors-headers.js';
import { SseConnection } from './sse-connection.js';
import {
  acceptsEventStream,
  HttpRefusal,
  parseBody,
  parseQueryString,
  readBody,
  RequestAborted,
} from './stream-request.js';

const path = /^\/graphql\/stream\/?(?:\?|$)/;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy that gathers, keeps or compresses events would hold them up. The last is nginx's name for it.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** One request for an event stream, on its way to a connection. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves event streams at `/graphql/stream`: GraphQL over SSE, in its distinct connections mode (docs/reference/protocol.md, and
 * docs/adr/0015-event-streams.md for why not the other). Who may, and how many, is decided as for WebSockets.
 */
@Injectable()
export class EventStreamServer {
  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(ConnectionServices) private readonly services: ConnectionServices,
  ) {}

  /** Takes its path's requests from an HTTP server, before routes and body parsers: to be called before the server is ready. */
  attach(fastify: Pick<FastifyInstance, 'addHook'>): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!path.test(request.url)) return done();
      reply.hijack();
      this.serve(request.raw, reply.raw).catch((error: unknown) =>
        this.services.logger.error({ err: error }, 'An event stream could not be answered'),
      );
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { allowedOrigins } = this.services.options;
    if (request.method === 'OPTIONS')
      return void response.writeHead(204, preflightHeaders(allowedOrigins, request.headers)).end();
    const requestId = randomUUID();
    const headers = { 'x-amzn-requestid': requestId, ...corsHeaders(allowedOrigins, request.headers.origin) };
    const exchange = { request, response, requestId, headers };
    try {
      await this.answer(exchange);
    } catch (error) {
      if (error instanceof RequestAborted) return;
      this.refuse(exchange, error);
    }
  }

  private async answer(exchange: Exchange): Promise<void> {
    const { request, response, headers } = exchange;
    requireStreamRequest(request);
    const place = this.admission.admit(request);
    response.once('close', () => place.leave());
    const isGet = request.method === 'GET';
    const body = isGet ? '' : await readBody(request, this.services.options.maxFrameBytes);
    const sent = httpRequest(isGet ? 'GET' : 'POST', request.url ?? '', body, exchange.requestId);
    const identity = await this.services.authenticator.authenticate(
      readCredentials(request.headers, place.sourceIp, sent),
    );
    place.identified(identity);
    const outcome = await this.start(exchange, identity, isGet ? parseQueryString(sent.queryString) : parseBody(body));
    // Gone while the resolver ran.
    if (response.destroyed) return;
    requireOwnSocket(response);
    const connection = new SseConnection(this.services, response, { ...streamHeaders, ...headers });
    if (outcome instanceof SubscriptionRefused) connection.refuse(outcome);
    else connection.begin(outcome, identity);
  }

  private async start(
    { request, requestId }: Exchange,
    identity: Identity,
    subscription: GraphqlRequest,
  ): Promise<AcceptedSubscription | SubscriptionRefused> {
    try {
      const input = requestInput(this.services.logger, identity, lowerCaseHeaders(request.headers), requestId);
      return await this.services.startSubscription.start(subscription, input);
    } catch (error) {
      if (error instanceof SubscriptionRefused) return error;
      if (error instanceof RequestError) return refuse(error);
      throw error;
    }
  }

  private refuse({ response, headers, requestId }: Exchange, error: unknown): void {
    // Begun already: there is no status any more that could say it.
    if (response.headersSent) {
      this.services.logger.error({ err: error, requestId }, 'An event stream failed in a way nobody expected');
      return void response.destroy();
    }
    if (!(error instanceof RequestError))
      this.services.logger.error(
        { err: error, requestId },
        'A request for an event stream failed in a way nobody expected',
      );
    const refusal =
      error instanceof RequestError
        ? error
        : new RequestError(
            'INTERNAL_FAILURE',
            `An internal failure occurred. The log has it under request ${requestId}.`,
          );
    this.services.metrics.handshakeRefusals.inc({ code: refusal.code });
    if (refusal instanceof HttpRefusal && refusal.limit)
      this.services.metrics.limitRefusals.inc({ limit: refusal.limit });
    // Over another connection a load balancer takes the client elsewhere.
    answerRefusal(response, refusal, this.admission.isClosed ? { ...headers, connection: 'close' } : headers);
  }
}

function requireStreamRequest({ method, headers }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'POST')
    throw new HttpRefusal(
      405,
      'BAD_REQUEST',
      'Event streams are asked for by POST or GET, one for each subscription; the single connection mode is not served.',
    );
  if (!acceptsEventStream(headers.accept))
    throw new HttpRefusal(406, 'BAD_REQUEST', 'This address answers with text/event-stream only; accept that.');
}

/** Behind a response that is not finished, on the same connection, no event could leave. */
function requireOwnSocket(response: ServerResponse): void {
  if (!response.socket) throw new RequestError('BAD_REQUEST', 'An event stream needs a connection that is not in use.');
}
