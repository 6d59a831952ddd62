import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver } from '@nestjs/graphql';
import type { GqlModuleOptions } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from '#libs/execution';
import type { RequestError } from '#libs/protocol';
import { tooManyTokens, unparsable } from '../http/request-body.js';
import type { GraphqlRequest } from '../http/request-body.js';

/** Longest document, in tokens. AppSync's own limit, and what bounds the work of parsing and validating. */
const maxTokens = 15_000;

/** What the module is configured with: the executable schema and the plugins that make Apollo answer as AppSync does. */
export interface AppSyncDriverOptions extends GqlModuleOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: ApolloServerPlugin<RequestContext>[];
}

/**
 * Apollo Server inside @nestjs/graphql, without Apollo's HTTP layer: AppSync's statuses and bodies are not Apollo's, so a
 * controller speaks HTTP, where Nest's guards and filters apply, and this executes.
 */
@Injectable()
export class AppSyncDriver extends AbstractGraphQLDriver<AppSyncDriverOptions> {
  private apollo: ApolloServer<RequestContext> | undefined;

  async start({ schema, plugins }: AppSyncDriverOptions): Promise<void> {
    this.apollo = new ApolloServer<RequestContext>({
      schema,
      plugins: [...plugins, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginUsageReportingDisabled()],
      parseOptions: { maxTokens },
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
    if (!this.apollo) throw new Error('The GraphQL driver has not been started.');
    const { body } = await this.apollo.executeOperation(
      { query: request.query, variables: { ...request.variables }, operationName: request.operationName },
      { contextValue: context },
    );
    if (body.kind !== 'single') throw new Error('Apollo answered in parts, which was not asked for.');
    const [error] = body.singleResult.errors ?? [];
    if (error?.extensions?.code === 'GRAPHQL_PARSE_FAILED') throw toRefusal(error.message);
    return body.singleResult;
  }
}

function toRefusal(parseFailure: string): RequestError {
  return / more tha[tn] \d+ tokens/.test(parseFailure) ? tooManyTokens(maxTokens) : unparsable();
}
