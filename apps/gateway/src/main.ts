import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadApiDefinition } from '#libs/api-definition';
import {
  authenticationSettings,
  awsEndpoints,
  commandLine,
  environment,
  gatewaySettings,
  listenOrExplain,
  loadSettings,
  requireApiFolder,
  runProcess,
  StartError,
  settingsHelp,
} from '#libs/config';
import type { Running } from '#libs/config';
import { createRedisEventLog, LogUnavailableError } from '#libs/event-log';
import { assembleApi } from '#libs/execution';
import {
  authenticationLog,
  createFailureReporter,
  createLogger,
  createMetrics,
  logByLevel,
  NestLogger,
} from '#libs/observability';
import { RealtimeServer } from './connection/realtime-server.js';
import { gatewayOptions } from './gateway-options.js';
import { GatewayModule } from './gateway.module.js';
import { createHttpAdapter } from './http/create-http-adapter.js';
import { UpgradeRequiredFilter } from './http/upgrade-required.filter.js';

async function start(): Promise<Running | undefined> {
  if (commandLine().includes('--help')) {
    process.stdout.write(`Settings of the gateway, as environment variables:\n\n${settingsHelp(gatewaySettings)}\n`);
    return undefined;
  }
  const settings = loadSettings(gatewaySettings, environment);
  const logger = createLogger({ name: 'gateway', level: settings.LOG_LEVEL });
  await requireApiFolder(settings.STARLING_API, 'STARLING_API');
  const definition = await loadApiDefinition(settings.STARLING_API, { variables: environment });
  for (const warning of definition.warnings)
    logger.warn({ warning }, 'The API definition has something that is probably not meant');

  const { api, authenticator, ...assembled } = assembleApi(definition, {
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
    onError: (error) => reportFailure(error, 'The event log (REDIS_URL) failed; it is tried again'),
    onSkipped: (skipped) => logger.error({ skipped }, 'A log entry could not be read and was skipped'),
  });
  const metrics = createMetrics();
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.register({
      api,
      eventLog,
      authenticator,
      logger,
      metrics,
      options: gatewayOptions(settings),
    }),
    createHttpAdapter(
      { headersTimeoutMs: settings.HEADERS_TIMEOUT_MS, maxHeaderBytes: settings.MAX_HEADER_BYTES },
      metrics,
    ),
    { logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true },
  );
  app.useGlobalFilters(new UpgradeRequiredFilter());
  app.get(RealtimeServer).attach(app.getHttpServer());
  await initOrExplain(app);
  // Not through Nest, which would log a taken port in its own words first.
  const server = app.getHttpAdapter().getInstance();
  await listenOrExplain('PORT', settings.PORT, () => server.listen({ port: settings.PORT, host: settings.HOST }));
  logger.info({ api: definition.name, host: settings.HOST, port: settings.PORT }, 'The gateway is listening');

  return {
    async close() {
      await app.close();
      await eventLog.close();
      await assembled.close();
      logger.info('The gateway has stopped');
    },
  };
}

/** The gateway starts at the tail of the log, so it needs the log once, to know where that is; later absences are waited out. */
async function initOrExplain(app: NestFastifyApplication): Promise<void> {
  try {
    await app.init();
  } catch (cause) {
    if (!(cause instanceof LogUnavailableError)) throw cause;
    throw new StartError(`REDIS_URL: the event log can't be reached. ${cause.message}`, { cause });
  }
}

runProcess(start);
