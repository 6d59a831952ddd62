import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver } from '@nestjs/graphql';
import type { GqlModuleOptions } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { assertVariables, screenDocument } from '#libs/execution';
import type { RequestContext } from '#libs/execution';
import { RequestError } from '#libs/protocol';
import { unparsable } from '../http/request-body.js';
import type { GraphqlRequest } from '../http/request-body.js';

/** What the module is configured with: the executable schema and the plugins that make Apollo answer as AppSync does. */
export interface AppSyncDriverOptions extends GqlModuleOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: ApolloServerPlugin<RequestContext>[];
  readonly limits: ApiLimits;
  /** Answers an operation that passes a limit before it is parsed: the body. */
  readonly refuse: (error: RequestError) => object;
}

/**
 * Apollo Server inside @nestjs/graphql, without Apollo's HTTP layer: AppSync's statuses and bodies are not Apollo's, so a
 * controller speaks HTTP, where Nest's guards and filters apply, and this executes.
 */
@Injectable()
export class AppSyncDriver extends AbstractGraphQLDriver<AppSyncDriverOptions> {
  private apollo: ApolloServer<RequestContext> | undefined;
  private options: AppSyncDriverOptions | undefined;

  async start(options: AppSyncDriverOptions): Promise<void> {
    const { schema, plugins } = options;
    this.options = options;
    this.apollo = new ApolloServer<RequestContext>({
      schema,
      plugins: [...plugins, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginUsageReportingDisabled()],
      introspection: true,
      // Documents are validated by rules that give errors graphql-java's names, in a plugin.
      dangerouslyDisableValidation: true,
      includeStacktraceInErrorResponses: false,
      persistedQueries: false,
      // The process that composes the module handles signals.
      stopOnTerminationSignals: false,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    await this.apollo.start();
  }

  async stop(): Promise<void> {
    await this.apollo?.stop();
  }

  /**
   * Executes a request. Answers the body of AppSync's answer; throws a RequestError when the document is no GraphQL.
   */
  async execute(request: GraphqlRequest, context: RequestContext): Promise<unknown> {
    if (!this.apollo || !this.options) throw new Error('The GraphQL driver has not been started.');
    const refusal = screen(request, this.options.limits);
    if (refusal) return this.options.refuse(refusal);
    const { body } = await this.apollo.executeOperation(
      { query: request.query, variables: { ...request.variables }, operationName: request.operationName },
      { contextValue: context },
    );
    if (body.kind !== 'single') throw new Error('Apollo answered in parts, which was not asked for.');
    const [error] = body.singleResult.errors ?? [];
    if (error?.extensions?.code === 'GRAPHQL_PARSE_FAILED') throw unparsable();
    return body.singleResult;
  }
}

/** What a request is refused with for a limit that it passes before Apollo parses it. Throws when the document is no GraphQL. */
function screen({ query, variables }: GraphqlRequest, limits: ApiLimits): RequestError | undefined {
  try {
    screenDocument(query, limits);
    assertVariables(variables, limits);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error;
    if (error instanceof GraphQLError) throw unparsable(error);
    throw error;
  }
}
