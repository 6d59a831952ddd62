import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  collectSecret,
  ensureCaddyBinary,
  ensureRedisBinary,
  freePorts,
  runProgram,
  startDynamoDb,
  startProgram,
} from '#libs/testing';
import type { Program } from '#libs/testing';
import type { Deployment } from '../clients/deployments/deployment.js';
import { readComposeFile } from './compose-file.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Longest wait for a service to answer, in milliseconds; above what a busy machine of two cores needs. */
const timeoutMs = 30_000;

/** Containers have addresses of their own; so have the processes here, of the loopback network, so that their ports are the same. */
const addresses = ['127.0.0.2', '127.0.0.3'] as const;

export interface Composition extends Deployment {
  /** The apis, then the gateways. */
  readonly programs: readonly Program[];
  /** Address of the user pool. */
  readonly userPool: string;
  /** The value of a series of each gateway. */
  gatewayMetric(series: string): Promise<readonly number[]>;
}

/**
 * What deploy/compose.yaml says, as processes in place of containers: its environment and commands, its proxy's configuration, its
 * preparation and its user pool. DynamoDB is dynalite in place of DynamoDB Local. Linux only, because of the addresses.
 */
export async function startComposition(api: string): Promise<Composition> {
  const { services } = await readComposeFile();
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-compose-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const [site, admin, redisPort, cognitoPort, apiPort, apiHealth, gatewayPort, gatewayHealth] = (
    await freePorts(8)
  ).map(String) as [string, string, string, string, string, string, string, string];
  const userPool = `http://127.0.0.1:${cognitoPort}`;
  const service = (options: ServiceOptions): Promise<unknown> =>
    startService(options).then((stop) => started.defer(stop));

  const [, ...redisArguments] = services.redis!.command!;
  await service({
    program: await ensureRedisBinary(),
    args: [...redisArguments, '--port', redisPort, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    readyText: 'Ready to accept connections',
  });
  const dynamodb = started.adopt(await startDynamoDb(), (it) => it.stop());

  const environment: Readonly<Record<string, string>> = {
    ...texts(services['api-1']!.environment!),
    STARLING_API: path.resolve(api),
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    DYNAMODB_ENDPOINT: dynamodb.endpoint,
    COGNITO_ENDPOINT: userPool,
    // Here the proxy's address is of the loopback network.
    TRUSTED_PROXIES: 'loopback',
  };
  const userPoolFolder = path.join(folder, 'user-pool', '.cognito');
  const prepared = await runProgram({
    script: 'deploy/compose/prepare.mjs',
    env: {
      ...texts(services.prepare!.environment!),
      ...environment,
      USER_POOL_FOLDER: userPoolFolder,
      USER_POOL_ISSUER: userPool,
      STARLING_APP: root,
    },
  });
  if (prepared.status !== 0) throw new Error(`prepare.mjs: ${prepared.stderr}`);

  await service({
    program: process.execPath,
    args: [path.join(root, services['user-pool']!.entrypoint![1]!.replace(/^\/app\//, ''))],
    cwd: path.dirname(userPoolFolder),
    env: { ...texts(services['user-pool']!.environment!), HOST: '127.0.0.1', PORT: cognitoPort },
    readyText: 'running on',
  });

  const programs = await Promise.all(
    (['api', 'gateway'] as const).flatMap((app) =>
      addresses.map(async (host) =>
        started.adopt(
          await startProgram({
            script: `dist/apps/${app}/src/main.js`,
            env: {
              ...environment,
              HOST: host,
              PORT: app === 'api' ? apiPort : gatewayPort,
              METRICS_HOST: host,
              METRICS_PORT: app === 'api' ? apiHealth : gatewayHealth,
            },
            readyText: 'is listening',
          }),
          async (it) => void (await it.stop('SIGINT')),
        ),
      ),
    ),
  );

  const origin = `https://localhost:${site}`;
  const upstreams = (port: string): string => addresses.map((address) => `${address}:${port}`).join(' ');
  await service({
    program: await ensureCaddyBinary(),
    args: ['run', '--adapter', 'caddyfile', '--config', path.join(root, 'deploy/compose/Caddyfile')],
    env: {
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      PROXY_SITE: origin,
      PROXY_ADMIN: `localhost:${admin}`,
      PROXY_APIS: upstreams(apiPort),
      PROXY_GATEWAYS: upstreams(gatewayPort),
      PROXY_API_HEALTH_PORT: apiHealth,
      PROXY_GATEWAY_HEALTH_PORT: gatewayHealth,
    },
    readyText: 'serving initial configuration',
  });
  const ca = path.join(folder, 'caddy/pki/authorities/local/root.crt');
  await waitForFile(ca);

  const running = started.move();
  return {
    endpoint: `${origin}/graphql`,
    realtimeUrl: `${origin.replace('https', 'wss')}/graphql/realtime`,
    ca,
    programs,
    userPool,
    gatewayMetric: (series) =>
      Promise.all(
        addresses.map(async (address) => {
          const text = await (await fetch(`http://${address}:${gatewayHealth}/metrics`)).text();
          return Number(
            text
              .split('\n')
              .find((line) => line.startsWith(series))
              ?.split(' ')[1],
          );
        }),
      ),
    async credentialsOf(user): Promise<Record<string, string>> {
      if (!user) return { 'x-api-key': environment.STARLING_API_KEY! };
      return { Authorization: await logIn(userPool, environment.COGNITO_CLIENT_ID!, user) };
    },
    stop: () => running.disposeAsync(),
  };
}

/** As the guide does it. Everybody's password is the one of `local` in the examples. */
async function logIn(userPool: string, clientId: string, user: string): Promise<string> {
  const response = await fetch(userPool, {
    method: 'POST',
    headers: {
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: user, PASSWORD: 'P@ssw0rd' },
    }),
  });
  const answer = (await response.json()) as { AuthenticationResult?: { IdToken: string } };
  if (!answer.AuthenticationResult) throw new Error(`${user} could not log in: ${JSON.stringify(answer)}`);
  collectSecret(answer.AuthenticationResult.IdToken);
  return answer.AuthenticationResult.IdToken;
}

interface ServiceOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it writes when it serves. */
  readonly readyText: string;
}

/** Starts somebody else's program; resolves, with what ends it, when it serves. */
async function startService({ program, args, env = {}, cwd, readyText }: ServiceOptions): Promise<() => Promise<void>> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithProcess = (): unknown => child.kill('SIGKILL');
  process.once('exit', endWithProcess);
  const gone = once(child, 'close');
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (written = (written + text).slice(-20_000)));
  const stop = async (): Promise<void> => {
    process.removeListener('exit', endWithProcess);
    child.kill('SIGKILL');
    await gone;
  };
  const deadline = Date.now() + timeoutMs;
  while (!written.includes(readyText)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${program} did not serve:\n${written}`);
    }
    await sleep(20);
  }
  return stop;
}

async function waitForFile(file: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.includes('END CERTIFICATE')) return;
    if (Date.now() > deadline) throw new Error(`${file} was not written.`);
    await sleep(50);
  }
}

function texts(environment: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}
