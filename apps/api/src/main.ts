import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiSettings, listenOrExplain, redisAddress } from '#libs/config';
import { createRedisEventLog, Publisher } from '#libs/event-log';
import { runServer } from '#libs/launch';
import type { Launched, ServerProcess } from '#libs/launch';
import { NestLogger } from '#libs/observability';
import { ApiModule } from './api.module.js';
import { drainApi } from './drain/drain-api.js';
import { RequestsUnderWay } from './drain/requests-under-way.js';
import { LogContact } from './health/log-contact.js';
import { corsOptions } from './http/cors-options.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { httpOptions } from './http/http-options.js';
import { explainStreamPath, refuseUpgrades } from './http/realtime-elsewhere.js';
import { traceRequests } from './http/trace-requests.js';

async function start(launched: Launched<typeof apiSettings>): Promise<ServerProcess> {
  const { settings, logger, metrics, definition, assembled, tracing, reportFailure } = launched;
  if (!settings.NEXT_TOKEN_SECRET) {
    logger.warn('NEXT_TOKEN_SECRET is not set: a nextToken is good on this process only, and until it restarts');
  }
  const onLogError = (error: unknown): void =>
    reportFailure(error, 'The event log (REDIS_URL) failed; it is tried again');
  const eventLog = createRedisEventLog({
    ...redisAddress(settings),
    api: definition.name,
    maxEntries: settings.EVENT_LOG_MAX_ENTRIES,
    maxStickyInvalidations: settings.MAX_STICKY_INVALIDATIONS,
    onError: onLogError,
  });
  const contact = new LogContact(eventLog, onLogError);
  const publisher = new Publisher(eventLog, {
    ackTimeoutMs: settings.PUBLISH_ACK_TIMEOUT_MS,
    onError: (error) => reportFailure(error, 'Events could not be appended (REDIS_URL); they wait and are tried again'),
  });

  const adapter = createHttpAdapter(metrics, httpOptions(settings));
  if (tracing) traceRequests(adapter, tracing);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.register({
      ...assembled,
      publisher,
      logger,
      metrics,
      isEvaluationServed: settings.EVALUATION_API,
    }),
    adapter,
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true },
  );
  app.enableCors(corsOptions(settings.ALLOWED_ORIGINS));
  const requests = app.get(RequestsUnderWay);
  requests.attach(app.getHttpAdapter().getInstance());
  refuseUpgrades(app.getHttpServer());
  explainStreamPath(app.getHttpAdapter().getInstance());
  await app.init();
  // Not through Nest, which would log a taken port in its own words first.
  const server = app.getHttpAdapter().getInstance();
  await listenOrExplain('PORT', settings.PORT, () => server.listen({ port: settings.PORT, host: settings.HOST }));

  return {
    readinessChecks: {
      eventLog: () => (contact.hasAnswered ? undefined : 'The event log has not answered since the process started.'),
      publishQueue: () =>
        publisher.isReady ? undefined : 'Half of the room is taken for events that wait for the event log.',
    },
    announceDrain: () => requests.beginToLeave(),
    drain: (withinMs) => drainApi({ server: app.getHttpServer(), requests, publisher }, withinMs),
    async close() {
      await app.close();
      publisher.close();
      contact.close();
      await eventLog.close();
    },
  };
}

runServer('api', apiSettings, start);
