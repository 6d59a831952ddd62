import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { gatewaySettings, listenOrExplain, redisAddress, StartError } from '#libs/config';
import { createRedisEventLog, LogUnavailableError } from '#libs/event-log';
import { runServer } from '#libs/launch';
import type { Launched, ServerProcess } from '#libs/launch';
import { NestLogger } from '#libs/observability';
import { RealtimeServer } from './connection/realtime-server.js';
import { EventStreamServer } from './connection/sse/event-stream-server.js';
import { Drain } from './drain/drain.js';
import { gatewayOptions } from './gateway-options.js';
import { GatewayModule } from './gateway.module.js';
import { GatewayHealth } from './health/gateway-health.js';
import { acceptQueueLength, createHttpAdapter } from './http/create-http-adapter.js';
import { UpgradeRequiredFilter } from './http/upgrade-required.filter.js';

async function start(launched: Launched<typeof gatewaySettings>): Promise<ServerProcess> {
  const { settings, logger, metrics, definition, assembled, tracing, reportFailure } = launched;
  const eventLog = createRedisEventLog({
    ...redisAddress(settings),
    api: definition.name,
    onError: (error) => reportFailure(error, 'The event log (REDIS_URL) failed; it is tried again'),
    onSkipped: (skipped) => {
      metrics.skippedEntries.inc();
      logger.error({ skipped }, 'A log entry could not be read and was skipped');
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.register({
      api: assembled.api,
      eventLog,
      authenticator: assembled.authenticator,
      logger,
      metrics,
      tracing,
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
  app.get(EventStreamServer).attach(app.getHttpAdapter().getInstance());
  await initOrExplain(app);
  // Not through Nest, which would log a taken port in its own words first.
  const server = app.getHttpAdapter().getInstance();
  const address = { port: settings.PORT, host: settings.HOST, backlog: acceptQueueLength };
  await listenOrExplain('PORT', settings.PORT, () => server.listen(address));

  return {
    readinessChecks: app.get(GatewayHealth).readinessChecks,
    drain(withinMs, isUrgent) {
      // A TCP connection that comes from here on is refused: proxies try the next address, which they do not for every 503.
      app.getHttpServer().close();
      return app.get(Drain).run(isUrgent ? 0 : withinMs);
    },
    async close() {
      await app.close();
      await eventLog.close();
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

runServer('gateway', gatewaySettings, start);
