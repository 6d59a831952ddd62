import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectSecret, freePorts, startProgram, startTokenIssuer } from '#libs/testing';
import type { TokenIssuer } from '#libs/testing';
import { bearerOf, signerOf } from './caller.js';
import type { Caller } from './caller.js';
import type { Mode } from './modes.js';

const definition = fileURLToPath(new URL('every-mode', import.meta.url));

/** The API key of every-mode. */
export const apiKey = 'da2-testtesttesttesttesttestte';

/** The type of every-mode's subscriptions, and the same for whom it is not. */
const openToKeys = 'type Subscription @aws_api_key {';
const shutToKeys = 'type Subscription @aws_iam @aws_cognito_user_pools @aws_oidc @aws_lambda {';

const restricted = [
  'Query.getRestrictedTask',
  'Mutation.createRestrictedTask',
  'Subscription.onCreateRestrictedTask',
  'Task.restricted',
  'Task.certain',
];

const member = {
  accessKeyId: 'AKIAMEMBER',
  secretAccessKey: 'the-secret-of-the-member-of-these-tests',
  userArn: 'arn:aws:iam::111122223333:user/member',
  username: 'member',
  allow: ['*'],
};
const guest = {
  accessKeyId: 'AKIAGUEST',
  secretAccessKey: 'the-secret-of-the-guest-of-these-tests',
  userArn: 'arn:aws:iam::111122223333:user/guest',
  username: 'guest',
  allow: ['*'],
  deny: restricted,
};
/** Of a key without rights. */
const nobody = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'the-secret-of-a-key-that-may-do-nothing' };

/** every-mode as an api and two gateways over Redis, with a user pool and another issuer beside them. */
export interface EveryMode {
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  /** A gateway that has the type of subscriptions shut to API keys and open to all other modes; else it is the other way round. */
  readonly realtimeUrlShutToKeys: string;
  readonly userPool: TokenIssuer;
  readonly issuer: TokenIssuer;
  /** Somebody of each mode whom no group, policy or authoriser favours. */
  readonly guests: Readonly<Record<Mode, Caller>>;
  /** Those who may read what is restricted. The other modes have nobody who may. */
  readonly members: Readonly<Record<'AMAZON_COGNITO_USER_POOLS' | 'AWS_IAM' | 'AWS_LAMBDA', Caller>>;
  /** A signer whose access key allows nothing. */
  readonly nobody: Caller;
  stop(): Promise<void>;
}

/** Starts it on free ports, as processes of their own: what is tested is what is deployed. */
export async function startEveryMode(redisUrl: string): Promise<EveryMode> {
  await using started = new AsyncDisposableStack();
  const userPool = started.adopt(await startTokenIssuer(), (it) => it.stop());
  const issuer = started.adopt(await startTokenIssuer({ userPoolId: 'login' }), (it) => it.stop());
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-every-mode-'));
  started.defer(() => rm(folder, { recursive: true }));

  for (const { secretAccessKey } of [member, guest, nobody]) collectSecret(secretAccessKey);
  for (const token of ['token-of-guest', 'token-of-member']) collectSecret(token);
  const accessFile = path.join(folder, 'access.json');
  await writeFile(accessFile, JSON.stringify({ accessKeys: [member, guest, nobody] }));
  const environment = {
    REDIS_URL: redisUrl,
    HOST: '127.0.0.1',
    COGNITO_ENDPOINT: userPool.endpoint,
    COGNITO_USER_POOL_ID: userPool.userPoolId,
    OIDC_ISSUER: issuer.issuer,
    STARLING_API_KEY: apiKey,
    IAM_CREDENTIALS_FILE: accessFile,
    // What it logs is searched for credentials when the tests are over.
    LOG_LEVEL: 'trace',
  };
  const [apiPort, gatewayPort, shutPort] = (await freePorts(3)) as [number, number, number];
  const start = async (app: 'api' | 'gateway', api: string, port: number) => {
    const program = await startProgram({
      script: `dist/apps/${app}/src/main.js`,
      env: { ...environment, STARLING_API: api, PORT: String(port) },
      readyText: 'is listening',
    });
    started.defer(async () => void (await program.stop()));
  };
  await Promise.all([
    start('api', definition, apiPort),
    start('gateway', definition, gatewayPort),
    start('gateway', await copyShutToKeys(path.join(folder, 'shut')), shutPort),
  ]);

  const graphqlUrl = `http://127.0.0.1:${apiPort}/graphql`;
  const running = started.move();
  return {
    graphqlUrl,
    realtimeUrl: `ws://127.0.0.1:${gatewayPort}/graphql/realtime`,
    realtimeUrlShutToKeys: `ws://127.0.0.1:${shutPort}/graphql/realtime`,
    userPool,
    issuer,
    guests: {
      API_KEY: bearerOf({ 'x-api-key': apiKey }),
      AWS_IAM: signerOf(guest, graphqlUrl),
      AMAZON_COGNITO_USER_POOLS: bearerOf({ authorization: await userPool.idToken({ username: 'guest' }) }),
      OPENID_CONNECT: bearerOf({ authorization: await issuer.idToken({ username: 'guest' }) }),
      AWS_LAMBDA: bearerOf({ authorization: 'token-of-guest' }),
    },
    members: {
      AWS_IAM: signerOf(member, graphqlUrl),
      AMAZON_COGNITO_USER_POOLS: bearerOf({
        authorization: await userPool.accessToken({ username: 'member', groups: ['admins'] }),
      }),
      AWS_LAMBDA: bearerOf({ authorization: 'token-of-member' }),
    },
    nobody: signerOf(nobody, graphqlUrl),
    stop: () => running.disposeAsync(),
  };
}

async function copyShutToKeys(folder: string): Promise<string> {
  await cp(definition, folder, { recursive: true });
  const file = path.join(folder, 'schema.graphql');
  const schema = await readFile(file, 'utf8');
  if (!schema.includes(openToKeys)) throw new Error(`${file} has no "${openToKeys}".`);
  await writeFile(file, schema.replace(openToKeys, shutToKeys));
  return folder;
}
