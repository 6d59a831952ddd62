import { loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition } from '#libs/api-definition';
import {
  authenticationSettings,
  awsEndpoints,
  commandLine,
  environment,
  loadSettings,
  requireApiFolder,
  runProcess,
  settingsHelp,
  traceOptions,
  StopError,
} from '#libs/config';
import type { apiSettings, gatewaySettings, Running } from '#libs/config';
import { createReloadableApi } from '#libs/execution';
import type { ReloadableApi } from '#libs/execution';
import {
  authenticationLog,
  createFailureReporter,
  createLogger,
  createMetrics,
  logByLevel,
  Readiness,
  startTracing,
} from '#libs/observability';
import type { Logger, Metrics, MetricsPart, ReadinessCheck, Tracing } from '#libs/observability';
import { drainServer, stopGraceMs } from './drain-server.js';
import type { Drainable } from './drain-server.js';
import { folderFingerprint } from './folder-fingerprint.js';
import { DefinitionReloader } from './reload-definition.js';
import { serveMetrics } from './serve-metrics.js';

/** The settings of a process that serves an API; both kinds have what is needed to begin. */
export type SettingsTable = typeof apiSettings | typeof gatewaySettings;

type SettingsOf<Table extends SettingsTable> = ReturnType<typeof loadSettings<Table>>;

/** What a process has when it begins to serve. */
export interface Launched<Table extends SettingsTable> {
  readonly settings: SettingsOf<Table>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly definition: ApiDefinition;
  /** Closed after the process. */
  readonly assembled: ReloadableApi;
  /** Undefined where no traces are asked for. Closed after the process. */
  readonly tracing: Tracing | undefined;
  /** Logs failures of what is tried again and again. */
  readonly reportFailure: (error: unknown, text: string) => void;
}

/** A process that serves. */
export interface ServerProcess extends Drainable {
  /** Ends everything in order, after the drain. Called once. */
  close(): Promise<void>;
  /** What must hold for it to be sent requests, by a name that `/readyz` shows. */
  readonly readinessChecks: Readonly<Record<string, ReadinessCheck>>;
}

/**
 * Runs a process that serves an API from its start to a signal: `--help`; settings, all faults at once; the log; metrics and health, which
 * answer from here on; the definition with its data sources and verifiers; then `start`, after which it is ready. On a signal it
 * drains, unready first, and its metrics are the last to go.
 */
export function runServer<Table extends SettingsTable>(
  name: MetricsPart,
  table: Table,
  start: (launched: Launched<Table>) => Promise<ServerProcess>,
): void {
  const begin = async (): Promise<Serving | undefined> => {
    if (commandLine().includes('--help')) {
      process.stdout.write(`Settings of the ${name}, as environment variables:\n\n${settingsHelp(table)}\n`);
      return undefined;
    }
    await using started = new AsyncDisposableStack();
    const settings = loadSettings<SettingsTable>(table, environment);
    const logger = createLogger({ name, level: settings.LOG_LEVEL });
    const metrics = createMetrics([name]);
    const readiness = new Readiness();
    const { METRICS_HOST, METRICS_PORT } = settings;
    started.adopt(
      await serveMetrics({ host: METRICS_HOST, port: METRICS_PORT, metrics, readiness, logger }),
      (server) => server?.close(),
    );

    const reportFailure = createFailureReporter(logger);
    const traced = traceOptions(settings, `starling-${name}`);
    const tracing = traced && (await startTracing({ ...traced, onFailure: reportFailure }));
    started.defer(() => tracing?.close());

    await requireApiFolder(settings.STARLING_API, 'STARLING_API');
    const folder = settings.STARLING_API;
    const loaded = await folderFingerprint(folder);
    const definition = await loadApiDefinition(folder, { variables: environment, ignoresLocal: true });
    for (const warning of definition.warnings)
      logger.warn({ warning }, 'The API definition has something that is probably not meant');
    const assembled = started.adopt(
      createReloadableApi(definition, {
        ...awsEndpoints(settings),
        nextTokenSecret: settings.NEXT_TOKEN_SECRET,
        ...authenticationSettings(settings),
        ...authenticationLog(logger),
        onDataSourceCall: ({ name: dataSource, type }, durationMs, outcome) =>
          metrics.dataSourceDuration.observe({ data_source: dataSource, type, outcome }, durationMs / 1000),
        log: logByLevel(logger),
      }),
      (it) => it.close(),
    );
    const serving = await start({
      settings: settings as SettingsOf<Table>,
      logger,
      metrics,
      definition,
      assembled,
      tracing,
      reportFailure,
    });
    readiness.begin(serving.readinessChecks);
    const reloader = new DefinitionReloader({
      folder,
      loaded,
      intervalMs: settings.STARLING_API_RELOAD_MS,
      variables: environment,
      api: assembled,
      logger,
      metrics,
    });
    started.defer(() => reloader.close());
    const running = started.move();
    const { HOST: host, PORT: port, DRAIN_DELAY_MS: delayMs } = settings;
    const withinMs = settings.DRAIN_SECONDS * 1_000;
    return {
      stopTimeoutMs: delayMs + withinMs + stopGraceMs,
      announce: () => logger.info({ api: definition.name, host, port }, `The ${name} is listening`),
      async close({ isUrgent }) {
        const { loss } = await drainServer(serving, { name, delayMs, withinMs, isUrgent, readiness, metrics, logger });
        await serving.close();
        await running.disposeAsync();
        logger.info(`The ${name} has stopped`);
        if (loss !== undefined) throw new StopError(loss);
      },
    };
  };
  // Not before signals are heeded: whoever waits for these words may send one at once.
  runProcess(begin, (serving) => serving.announce());
}

interface Serving extends Running {
  announce(): void;
}
