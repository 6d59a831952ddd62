import { startDynamoDb, freePorts, startProgram, startTokenIssuer } from '#libs/testing';
import type { Program } from '#libs/testing';
import type { Deployment } from './deployment.js';

export interface SeparateProcessesOptions {
  readonly api: string;
  readonly redisUrl: string;
  /** Of each kind. Default 2. */
  readonly count?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface SeparateProcesses extends Deployment {
  /** The apis, then the gateways, those that were added last. */
  readonly programs: readonly Program[];
  /** Tokens last an hour, or as many seconds as are said. */
  credentialsOf(user: string | null, expiresInS?: number): Promise<Readonly<Record<string, string>>>;
  /** Starts one more gateway; resolves with its address for subscriptions when it listens. */
  addGateway(): Promise<string>;
}

/** API keys are settings; this is the one of every test. */
const apiKey = 'da2-testtesttesttesttesttestte';
const clientId = 'tests';

/** api and gateway processes as they are deployed: they share Redis, DynamoDB and a user pool, and nothing else. */
export async function startSeparateProcesses(options: SeparateProcessesOptions): Promise<SeparateProcesses> {
  const { api, redisUrl, count = 2, env = {} } = options;
  await using started = new AsyncDisposableStack();
  const issuer = started.adopt(await startTokenIssuer(), (it) => it.stop());
  const dynamoDb = started.adopt(await startDynamoDb(), (it) => it.stop());
  await dynamoDb.createTable({ tableName: 'TasksTable', partitionKey: 'id' });

  const ports = await freePorts(2 * count);
  const environment = {
    STARLING_API: api,
    REDIS_URL: redisUrl,
    HOST: '127.0.0.1',
    DYNAMODB_ENDPOINT: dynamoDb.endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    COGNITO_ENDPOINT: issuer.endpoint,
    COGNITO_USER_POOL_ID: issuer.userPoolId,
    COGNITO_CLIENT_ID: clientId,
    STARLING_API_KEY: apiKey,
    NEXT_TOKEN_SECRET: 'a secret of thirty-two characters',
    ...env,
  };
  const start = (app: 'api' | 'gateway', port: number): Promise<Program> =>
    startProgram({
      script: `dist/apps/${app}/src/main.js`,
      env: { ...environment, PORT: String(port) },
      readyText: 'is listening',
    });
  const programs = await Promise.all(
    ports.map(async (port, index) =>
      started.adopt(await start(index < count ? 'api' : 'gateway', port), async (it) => void (await it.stop())),
    ),
  );
  const running = started.move();
  const groups: Readonly<Record<string, readonly string[]>> = { janed: ['ManagerGroup'] };
  return {
    programs,
    graphqlUrls: ports.slice(0, count).map((port) => `http://127.0.0.1:${port}/graphql`),
    realtimeUrls: ports.slice(count).map(realtimeUrl),
    async addGateway() {
      const [port] = (await freePorts(1)) as [number];
      programs.push(running.adopt(await start('gateway', port), async (it) => void (await it.stop())));
      return realtimeUrl(port);
    },
    async credentialsOf(user, expiresInS): Promise<Record<string, string>> {
      if (!user) return { 'x-api-key': apiKey };
      const email = `${user}@myemail.com`;
      const subject = { username: user, groups: groups[user] ?? [], email, clientId, expiresInS };
      return { Authorization: await issuer.idToken(subject) };
    },
    stop: () => running.disposeAsync(),
  };
}

function realtimeUrl(port: number): string {
  return `ws://127.0.0.1:${port}/graphql/realtime`;
}
