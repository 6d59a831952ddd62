import path from 'node:path';
import { formatFault, loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition, UserPoolProvider } from '#libs/api-definition';
import { gatewayOptions } from '#apps/gateway';
import { requireApiFolder } from '#libs/config';
import type { Running, StandaloneSettings } from '#libs/config';
import { createMemoryEventLog, Publisher } from '#libs/event-log';
import { assembleApi } from '#libs/execution';
import { createLogger, createMetrics, logByLevel } from '#libs/observability';
import type { StartArguments } from './arguments.js';
import { claimFolder } from './claim-folder.js';
import { DataFolder } from './data-folder.js';
import { writeDevFile } from './dev-file.js';
import type { DevFile, LocalUserPoolAddress } from './dev-file.js';
import { lockFolder } from './folder-lock.js';
import { localCertificate } from './local/certificate.js';
import { localCredentials, startLocalDynamoDb } from './local/dynamodb.js';
import { ensureAccounts, ensureUserPool, userPoolClient } from './local/user-pool-accounts.js';
import { startLocalUserPoolService } from './local/user-pool.js';
import { serve } from './serve.js';
import { holdWhatIsNeeded } from './start-problems.js';
import type { NeededPort } from './start-problems.js';

/** A local instance that is ready. */
export interface Standalone extends Running {
  readonly definition: ApiDefinition;
  readonly dev: DevFile;
  readonly devFile: string;
}

/** Variables of a definition that a local run gives values of its own, whatever the environment says. */
const unknownYet = { COGNITO_USER_POOL_ID: 'local', COGNITO_CLIENT_ID: 'local', STARLING_API_KEY: 'da2-local' };

/**
 * Starts an API with everything it needs in this process: the api and the gateway, an event log in memory, DynamoDB and a
 * user pool. When it can't, what was started is stopped again and the promise rejects.
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
  const preview = await load(unknownYet);

  await using started = new AsyncDisposableStack();
  const provider = userPoolProvider(preview);
  const root = path.resolve(given.dataDirectory);
  await claimFolder(root, given.isFresh);
  const lock = await holdWhatIsNeeded(given, neededPorts(settings, provider), () => lockFolder(root));
  started.defer(() => lock.release());
  const folder = await DataFolder.open(root, preview.name, given.isFresh);

  const [certificate, dynamodb, userPool] = await settleAll([
    localCertificate(folder.tlsFolder),
    startLocalDynamoDb(folder.apiPath('dynamodb'), preview.local.tables).then((local) =>
      started.adopt(local, (it) => it.close()),
    ),
    provider && startUserPool(folder, preview, provider, settings.COGNITO_PORT, started),
  ]);

  const definition = await load({
    STARLING_API_KEY: folder.state.apiKey,
    COGNITO_USER_POOL_ID: userPool?.userPoolId ?? unknownYet.COGNITO_USER_POOL_ID,
    COGNITO_CLIENT_ID: userPool?.clientId ?? unknownYet.COGNITO_CLIENT_ID,
  });
  for (const warning of definition.warnings)
    process.stderr.write(`${formatFault({ ...warning, message: `warning: ${warning.message}` })}\n`);

  const { api, authenticator } = started.adopt(
    assembleApi(definition, {
      dynamodbEndpoint: dynamodb.endpoint,
      dynamodbCredentials: localCredentials,
      nextTokenSecret: folder.state.nextTokenSecret,
      cognitoEndpoint: userPool?.endpoint,
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
      metrics: createMetrics(),
      options: gatewayOptions(settings),
    },
    port: settings.PORT,
    tlsPort: settings.TLS_PORT,
    certificate,
  });
  started.defer(stopServing);

  const dev = devFileContent(definition, settings, certificate.caFile, userPool ?? null);
  await writeDevFile(folder.devFile, dev);
  const running = started.move();
  return { definition, dev, devFile: folder.devFile, close: () => running.disposeAsync() };
}

function neededPorts(
  { PORT, TLS_PORT, COGNITO_PORT }: StandaloneSettings,
  userPool: UserPoolProvider | undefined,
): NeededPort[] {
  const ports = [
    { variable: 'PORT', port: PORT },
    { variable: 'TLS_PORT', port: TLS_PORT },
  ];
  return userPool ? [...ports, { variable: 'COGNITO_PORT', port: COGNITO_PORT }] : ports;
}

function userPoolProvider({ authentication }: ApiDefinition): UserPoolProvider | undefined {
  return [authentication.default, ...authentication.additional].find(
    (provider): provider is UserPoolProvider => provider.authenticationType === 'AMAZON_COGNITO_USER_POOLS',
  );
}

async function startUserPool(
  folder: DataFolder,
  definition: ApiDefinition,
  { userPoolConfig }: UserPoolProvider,
  port: number,
  started: AsyncDisposableStack,
): Promise<LocalUserPoolAddress> {
  const service = started.adopt(await startLocalUserPoolService(folder.apiPath('user-pool'), port), (it) => it.close());
  const region = userPoolConfig.awsRegion;
  const client = userPoolClient(service.endpoint, region);
  const address = {
    endpoint: service.endpoint,
    region,
    ...(await ensureUserPool(client, definition.name, folder.state)),
  };
  await folder.saveState();
  await ensureAccounts(client, address, definition.local);
  client.destroy();
  return address;
}

/** Waits for all, so that what was started is known to be stopped again, then fails with the first failure. */
async function settleAll<T extends readonly unknown[]>(tasks: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(tasks);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}

function devFileContent(
  definition: ApiDefinition,
  { PORT, TLS_PORT }: StandaloneSettings,
  ca: string,
  userPool: LocalUserPoolAddress | null,
): DevFile {
  const { default: main, additional } = definition.authentication;
  const keys = [main, ...additional].flatMap((provider) =>
    provider.authenticationType === 'API_KEY' ? provider.apiKeys : [],
  );
  return {
    graphqlUrl: `http://localhost:${PORT}/graphql`,
    realtimeUrl: `ws://localhost:${PORT}/graphql/realtime`,
    tlsGraphqlUrl: `https://localhost:${TLS_PORT}/graphql`,
    tlsRealtimeUrl: `wss://localhost:${TLS_PORT}/graphql/realtime`,
    ca,
    apiKey: keys[0]?.key ?? null,
    userPool,
    users: userPool ? definition.local.users : [],
  };
}
