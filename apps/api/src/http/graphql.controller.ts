import { Controller, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestContext, RequestDeadline } from '#libs/execution';
import type { CurrentApi, RequestLog } from '#libs/execution';
import { logByLevel } from '#libs/observability';
import type { Logger } from '#libs/observability';
import type { GraphqlRequest } from '#libs/protocol';
import { RequestsUnderWay } from '../drain/requests-under-way.js';
import type { Answer } from '../graphql/answer.js';
import { ExecuteRequest } from '../graphql/execute-request.js';
import { CURRENT_API, LOGGER } from '../tokens.js';
import { readBody, readQueryString } from './request-body.js';
import { RequestGuard } from './request-guard.js';
import type { AuthorisedRequest } from './request-guard.js';

/** GraphQL over HTTP as AppSync serves it (AppSync reference, section 9). */
@Controller('graphql')
@UseGuards(RequestGuard)
export class GraphqlController {
  private readonly log: RequestLog;

  constructor(
    @Inject(ExecuteRequest) private readonly executeRequest: ExecuteRequest,
    @Inject(CURRENT_API) private readonly current: CurrentApi,
    @Inject(RequestsUnderWay) private readonly underWay: RequestsUnderWay,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.log = logByLevel(logger);
  }

  @Post()
  @HttpCode(200)
  post(@Req() request: AuthorisedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    return this.answer(request, reply, readBody(request.body, request.headers['content-type']));
  }

  /** Queries only: a link must not be able to change anything. */
  @Get()
  get(@Req() request: AuthorisedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    return this.answer(request, reply, readQueryString(request.query), true);
  }

  /** Records of a request that is traced name the trace. */
  private logOf({ span }: AuthorisedRequest): RequestLog {
    if (!span) return this.log;
    return (level, message, details) => this.log(level, message, { ...details, traceId: span.traceId });
  }

  private async answer(
    request: AuthorisedRequest,
    reply: FastifyReply,
    graphqlRequest: GraphqlRequest,
    isReadOnly = false,
  ): Promise<Answer> {
    using deadline = new RequestDeadline(this.current.api.definition.limits.requestTimeoutMs);
    const context = new RequestContext({
      identity: request.identity,
      sourceIp: request.sourceIp,
      headers: request.headers,
      requestId: request.id,
      deadline,
      log: this.logOf(request),
      span: request.span,
    });
    context.isReadOnly = isReadOnly;
    // Awaited here: the deadline ends with this block.
    const answer = await this.underWay.during(() => this.executeRequest.execute(graphqlRequest, context));
    for (const [name, value] of context.effects.responseHeaders) reply.header(name, value);
    return answer;
  }
}
