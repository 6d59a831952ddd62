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

/** API keys are settings; this is the one of every test. */
const apiKey = 'da2-testtesttesttesttesttestte';
const clientId = 'tests';

/** api and gateway processes as they are deployed: they share Redis, DynamoDB and a user pool, and nothing else. */
export async function startSeparateProcesses(
  options: SeparateProcessesOptions,
): Promise<Deployment & { readonly programs: readonly Program[] }> {
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
  const programs = await Promise.all(
    ports.map(async (port, index) => {
      const app = index < count ? 'api' : 'gateway';
      const program = await startProgram({
        script: `dist/apps/${app}/src/main.js`,
        env: { ...environment, PORT: String(port) },
        readyText: 'is listening',
      });
      return started.adopt(program, async (it) => void (await it.stop()));
    }),
  );
  const running = started.move();
  const groups: Readonly<Record<string, readonly string[]>> = { janed: ['ManagerGroup'] };
  return {
    programs,
    graphqlUrls: ports.slice(0, count).map((port) => `http://127.0.0.1:${port}/graphql`),
    realtimeUrls: ports.slice(count).map((port) => `ws://127.0.0.1:${port}/graphql/realtime`),
    async credentialsOf(user): Promise<Record<string, string>> {
      if (!user) return { 'x-api-key': apiKey };
      const email = `${user}@myemail.com`;
      return { Authorization: await issuer.idToken({ username: user, groups: groups[user] ?? [], email, clientId }) };
    },
    stop: () => running.disposeAsync(),
  };
}
