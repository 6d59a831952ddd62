import { Controller, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyReply } from 'fastify';
import { RequestContext, RequestDeadline } from '#libs/execution';
import type { ExecutableApi, RequestLog } from '#libs/execution';
import { logByLevel } from '#libs/observability';
import type { Logger } from '#libs/observability';
import type { AppSyncDriver } from '../graphql/appsync.driver.js';
import { EXECUTABLE_API, LOGGER } from '../tokens.js';
import { readBody, readQueryString } from './request-body.js';
import type { GraphqlRequest } from './request-body.js';
import { RequestGuard } from './request-guard.js';
import type { AuthorisedRequest } from './request-guard.js';

/** GraphQL over HTTP as AppSync serves it (AppSync reference, section 9). */
@Controller('graphql')
@UseGuards(RequestGuard)
export class GraphqlController implements OnModuleInit {
  private driver: AppSyncDriver | undefined;
  private readonly log: RequestLog;

  constructor(
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(EXECUTABLE_API) private readonly api: ExecutableApi,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.log = logByLevel(logger);
  }

  /** The GraphQL module does not export its driver, it only knows it, and only once it has been made. */
  onModuleInit(): void {
    this.driver = this.modules.get(GraphQLModule, { strict: false }).graphQlAdapter as unknown as AppSyncDriver;
  }

  @Post()
  @HttpCode(200)
  post(@Req() request: AuthorisedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(request, reply, readBody(request.body, request.headers['content-type']));
  }

  /** Queries only: a link must not be able to change anything. */
  @Get()
  get(@Req() request: AuthorisedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(request, reply, readQueryString(request.query), true);
  }

  private async answer(
    request: AuthorisedRequest,
    reply: FastifyReply,
    graphqlRequest: GraphqlRequest,
    isReadOnly = false,
  ): Promise<unknown> {
    using deadline = new RequestDeadline(this.api.definition.limits.requestTimeoutMs);
    const context = new RequestContext({
      identity: request.identity,
      sourceIp: request.sourceIp,
      headers: request.headers,
      requestId: request.id,
      deadline,
      log: this.log,
    });
    context.isReadOnly = isReadOnly;
    // Awaited here: the deadline ends with this block.
    const answer = await this.driver!.execute(graphqlRequest, context);
    reply.headers(Object.fromEntries(context.effects.responseHeaders));
    return answer;
  }
}
