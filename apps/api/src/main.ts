import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadApiDefinition } from '#libs/api-definition';
import {
  apiSettings,
  authenticationSettings,
  awsEndpoints,
  commandLine,
  environment,
  listenOrExplain,
  loadSettings,
  requireApiFolder,
  runProcess,
  settingsHelp,
} from '#libs/config';
import type { Running } from '#libs/config';
import { createRedisEventLog, Publisher } from '#libs/event-log';
import { assembleApi } from '#libs/execution';
import {
  authenticationLog,
  createFailureReporter,
  createLogger,
  createMetrics,
  logByLevel,
  NestLogger,
} from '#libs/observability';
import { ApiModule } from './api.module.js';
import { corsOptions } from './http/cors-options.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { httpOptions } from './http/http-options.js';
import { refuseUpgrades } from './http/realtime-elsewhere.js';

/** Longest wait at shutdown for events that are not in the log yet, in milliseconds. */
const drainTimeoutMs = 15_000;

async function start(): Promise<Running | undefined> {
  if (commandLine().includes('--help')) {
    process.stdout.write(`Settings of the api, as environment variables:\n\n${settingsHelp(apiSettings)}\n`);
    return undefined;
  }
  const settings = loadSettings(apiSettings, environment);
  const logger = createLogger({ name: 'api', level: settings.LOG_LEVEL });
  await requireApiFolder(settings.STARLING_API, 'STARLING_API');
  const definition = await loadApiDefinition(settings.STARLING_API, { variables: environment });
  for (const warning of definition.warnings)
    logger.warn({ warning }, 'The API definition has something that is probably not meant');
  if (!settings.NEXT_TOKEN_SECRET) {
    logger.warn('NEXT_TOKEN_SECRET is not set: a nextToken is good on this process only, and until it restarts');
  }

  const assembled = assembleApi(definition, {
    ...awsEndpoints(settings),
    nextTokenSecret: settings.NEXT_TOKEN_SECRET,
    ...authenticationSettings(settings),
    ...authenticationLog(logger),
    log: logByLevel(logger),
  });
  const reportFailure = createFailureReporter(logger);
  const eventLog = createRedisEventLog({
    url: settings.REDIS_URL,
    api: definition.name,
    maxEntries: settings.EVENT_LOG_MAX_ENTRIES,
    maxStickyInvalidations: settings.MAX_STICKY_INVALIDATIONS,
    onError: (error) => reportFailure(error, 'The event log (REDIS_URL) failed; it is tried again'),
  });
  const publisher = new Publisher(eventLog, {
    ackTimeoutMs: settings.PUBLISH_ACK_TIMEOUT_MS,
    onError: (error) => reportFailure(error, 'Events could not be appended (REDIS_URL); they wait and are tried again'),
  });

  const metrics = createMetrics();
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.register({
      ...assembled,
      publisher,
      logger,
      metrics,
      isEvaluationServed: settings.EVALUATION_API,
    }),
    createHttpAdapter(metrics, httpOptions(settings)),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true },
  );
  app.enableCors(corsOptions(settings.ALLOWED_ORIGINS));
  refuseUpgrades(app.getHttpServer());
  await app.init();
  // Not through Nest, which would log a taken port in its own words first.
  const server = app.getHttpAdapter().getInstance();
  await listenOrExplain('PORT', settings.PORT, () => server.listen({ port: settings.PORT, host: settings.HOST }));
  logger.info({ api: definition.name, host: settings.HOST, port: settings.PORT }, 'The api is listening');

  return {
    async close() {
      await app.close();
      const isDrained = await publisher.drain(drainTimeoutMs);
      if (!isDrained)
        logger.error({ entries: publisher.counters.queued }, 'Events were lost: the log did not come back in time');
      publisher.close();
      await eventLog.close();
      await assembled.close();
      logger.info('The api has stopped');
    },
  };
}

runProcess(start);
