import path from 'node:path';
import { formatFault, loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition } from '#libs/api-definition';
import { gatewayOptions } from '#apps/gateway';
import { authenticationSettings, requireApiFolder } from '#libs/config';
import type { Running, StandaloneSettings } from '#libs/config';
import { createMemoryEventLog, Publisher } from '#libs/event-log';
import { createReloadableApi } from '#libs/execution';
import { serveMetrics } from '#libs/launch';
import { authenticationLog, createLogger, createMetrics, logByLevel, Readiness } from '#libs/observability';
import type { StartArguments } from './arguments.js';
import { claimFolder } from './claim-folder.js';
import { DataFolder } from './data-folder.js';
import type { LocalState } from './data-folder.js';
import { writeDevFile } from './dev-file.js';
import type { DevFile, LocalUserPoolAddress } from './dev-file.js';
import { lockFolder } from './folder-lock.js';
import { localCertificate } from './local/certificate.js';
import { localCredentials as dynamodbCredentials, startLocalDynamoDb } from './local/dynamodb.js';
import { oidcClientId, oidcIssuerAt } from './local/oidc-issuer.js';
import { localCredentials } from './local-credentials.js';
import { localModes, portsOf, startLocalProviders } from './local-providers.js';
import type { LocalModes, LocalProviders } from './local-providers.js';
import { host, serve } from './serve.js';
import { settleAll } from './settle-all.js';
import { holdWhatIsNeeded } from './start-problems.js';
import type { NeededPort } from './start-problems.js';

/** A local instance that is ready. */
export interface Standalone extends Running {
  readonly definition: ApiDefinition;
  readonly dev: DevFile;
  readonly devFile: string;
}

/** Every port that an instance listens on. */
function neededPorts(settings: StandaloneSettings, modes: LocalModes): NeededPort[] {
  const { PORT, TLS_PORT, METRICS_PORT } = settings;
  return [
    { variable: 'PORT', port: PORT },
    { variable: 'TLS_PORT', port: TLS_PORT },
    ...(METRICS_PORT > 0 ? [{ variable: 'METRICS_PORT', port: METRICS_PORT }] : []),
    ...portsOf(modes, settings),
  ];
}

/**
 * Starts an API with everything it needs: the api and the gateway, an event log in memory and DynamoDB in this process, a user
 * pool and an OpenID Connect issuer beside it. When it can't, what was started is stopped again and the promise rejects.
 */
export async function startStandalone(
  given: StartArguments,
  settings: StandaloneSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Standalone> {
  const logger = createLogger({ name: 'starling', level: settings.LOG_LEVEL });
  const load = (variables: Readonly<Record<string, string | undefined>>): Promise<ApiDefinition> =>
    loadApiDefinition(given.apiDirectory, { variables: { ...environment, ...variables } });
  await requireApiFolder(given.apiDirectory);
  // Once to learn its name and what it needs, and again when the local user pool and key are there.
  const preview = await load(localVariables(settings));

  await using started = new AsyncDisposableStack();
  const modes = localModes(preview, settings);
  const root = path.resolve(given.dataDirectory);
  await claimFolder(root, given.isFresh);
  const lock = await holdWhatIsNeeded(given, neededPorts(settings, modes), () => lockFolder(root));
  started.defer(() => lock.release());
  const folder = await DataFolder.open(root, preview.name, given.isFresh);

  const [certificate, dynamodb, providers] = await settleAll([
    localCertificate(folder.tlsFolder),
    startLocalDynamoDb(folder.apiPath('dynamodb'), preview.local.tables).then((local) =>
      started.adopt(local, (it) => it.close()),
    ),
    startLocalProviders({ folder, definition: preview, settings, started, onEnd: tell }, modes),
  ]);

  const definition = await load(localVariables(settings, folder.state, providers.userPool));
  for (const warning of definition.warnings) tell(formatFault({ ...warning, message: `warning: ${warning.message}` }));

  const metrics = createMetrics();
  const readiness = new Readiness();
  started.adopt(await serveMetrics({ host, port: settings.METRICS_PORT, metrics, readiness, logger }), (server) =>
    server?.close(),
  );
  const { api, authenticator } = started.adopt(
    createReloadableApi(definition, {
      dynamodbEndpoint: dynamodb.endpoint,
      dynamodbCredentials,
      nextTokenSecret: folder.state.nextTokenSecret,
      ...authenticationSettings({
        ...settings,
        COGNITO_ENDPOINT: providers.userPool?.endpoint,
        IAM_CREDENTIALS_FILE: providers.iamCredentialsFile,
      }),
      ...authenticationLog(logger),
      onDataSourceCall: ({ name: dataSource, type }, durationMs, outcome) =>
        metrics.dataSourceDuration.observe({ data_source: dataSource, type, outcome }, durationMs / 1000),
      log: logByLevel(logger),
    }),
    (assembled) => assembled.close(),
  );
  const eventLog = started.adopt(
    createMemoryEventLog({ maxStickyInvalidations: settings.MAX_STICKY_INVALIDATIONS }),
    (log) => log.close(),
  );
  const publisher = started.adopt(new Publisher(eventLog), (it) => void it.close());
  const stopServing = await serve({
    parts: {
      api,
      publisher,
      eventLog,
      authenticator,
      logger,
      metrics,
      options: gatewayOptions(settings),
    },
    port: settings.PORT,
    tlsPort: settings.TLS_PORT,
    certificate,
  });
  started.defer(stopServing);

  const dev = await devFileContent(definition, settings, certificate.caFile, providers);
  await writeDevFile(folder.devFile, dev);
  readiness.begin({});
  const running = started.move();
  const close = (): Promise<void> => {
    readiness.drain();
    return running.disposeAsync();
  };
  return { definition, dev, devFile: folder.devFile, close };
}

/** What a run makes for the variables of a definition, whatever the environment says. Without `providers`, what stands in for them. */
function localVariables(
  { OIDC_PORT }: StandaloneSettings,
  state?: LocalState,
  userPool?: LocalUserPoolAddress | null,
): Readonly<Record<string, string>> {
  return {
    STARLING_API_KEY: state?.apiKey ?? 'da2-local',
    LAMBDA_TOKEN: state?.lambdaToken ?? 'local',
    COGNITO_USER_POOL_ID: userPool?.userPoolId ?? 'local',
    COGNITO_CLIENT_ID: userPool?.clientId ?? 'local',
    OIDC_ISSUER: oidcIssuerAt(OIDC_PORT),
    OIDC_CLIENT_ID: oidcClientId,
  };
}

async function devFileContent(
  definition: ApiDefinition,
  { PORT, TLS_PORT }: StandaloneSettings,
  ca: string,
  providers: LocalProviders,
): Promise<DevFile> {
  const { userPool, oidc } = providers;
  const accounts = { userPool, oidc, users: userPool || oidc ? definition.local.users : [] };
  const credentials = await localCredentials(definition, accounts, providers, tell);
  return {
    graphqlUrl: `http://localhost:${PORT}/graphql`,
    realtimeUrl: `ws://localhost:${PORT}/graphql/realtime`,
    streamUrl: `http://localhost:${PORT}/graphql/stream`,
    tlsGraphqlUrl: `https://localhost:${TLS_PORT}/graphql`,
    tlsRealtimeUrl: `wss://localhost:${TLS_PORT}/graphql/realtime`,
    tlsStreamUrl: `https://localhost:${TLS_PORT}/graphql/stream`,
    ca,
    apiKey: credentials.apiKey,
    credentials,
    accessKeys: providers.accessKeys,
    ...accounts,
  };
}

/** Says what a person should know, on standard error. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
