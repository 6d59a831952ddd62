import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Publisher } from '#libs/event-log';
import type { CurrentApi } from '#libs/execution';
import type { Authenticator } from '#libs/identity';
import type { Logger, Metrics } from '#libs/observability';
import { RequestsUnderWay } from './drain/requests-under-way.js';
import { EvaluationController } from './evaluate/evaluation.controller.js';
import { ExecuteRequest } from './graphql/execute-request.js';
import { GraphqlController } from './http/graphql.controller.js';
import { RequestErrorFilter } from './http/request-error.filter.js';
import { RequestGuard } from './http/request-guard.js';
import { PublishMutation } from './publish/publish-mutation.js';
import { AUTHENTICATOR, CURRENT_API, LOGGER, METRICS, PUBLISHER } from './tokens.js';

/** What the composing process gives the api. It also closes them. */
export interface ApiParts {
  readonly api: CurrentApi;
  readonly publisher: Publisher;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Serves AppSync's evaluation API as well. Default false: it needs no credentials. */
  readonly isEvaluationServed?: boolean;
}

/** GraphQL over HTTP: queries and mutations, and the publishing of what mutations did. Needs `createHttpAdapter`. */
@Module({})
export class ApiModule {
  static register({
    api,
    publisher,
    authenticator,
    logger,
    metrics,
    isEvaluationServed = false,
  }: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers: isEvaluationServed ? [GraphqlController, EvaluationController] : [GraphqlController],
      providers: [
        ExecuteRequest,
        PublishMutation,
        RequestGuard,
        RequestsUnderWay,
        // For the whole application: what is refused before a controller is chosen gets AppSync's shape as well.
        { provide: APP_FILTER, useClass: RequestErrorFilter },
        { provide: CURRENT_API, useValue: api },
        { provide: PUBLISHER, useValue: publisher },
        { provide: AUTHENTICATOR, useValue: authenticator },
        { provide: METRICS, useValue: metrics },
        { provide: LOGGER, useValue: logger },
      ],
    };
  }
}
