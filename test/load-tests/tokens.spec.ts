import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePorts, runProgram, startProgram } from '#libs/testing';
import { startStandalone, threePorts } from '../../apps/standalone/test/start-standalone.js';
import { client, resource, startOidcIssuer } from '../../libs/identity/test/oidc-issuer.js';
import { startSeparateProcesses } from '../stories/deployments/separate-processes.js';
import { buildTimeoutMs, findK6, runLoadTest } from './run-load-test.js';

const script = 'load-tests/make-tokens.mjs';

/** A run that is as short as one can be, and does not mind a busy machine. */
const short = { CONNECTIONS: '6', DURATION: '2s', P99_MS: '5000', PROTOCOL: 'graphql-transport-ws,appsync' };

const started = new AsyncDisposableStack();
let folder: string;
let k6: string;

beforeAll(async () => {
  folder = started.adopt(await mkdtemp(path.join(tmpdir(), 'starling-tokens-')), (it) => rm(it, { recursive: true }));
  k6 = await findK6();
}, buildTimeoutMs);

afterAll(() => started.disposeAsync());

/** How many lines a file of tokens has; it must be its owner's alone. */
async function countTokens(file: string): Promise<number> {
  expect((await stat(file)).mode & 0o077).toBe(0);
  return new Set((await readFile(file, 'utf8')).trimEnd().split('\n')).size;
}

/** With tokens of a file, against an api and a gateway with these settings. */
async function expectToHold(file: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const processes = started.adopt(
    await startSeparateProcesses({ api: 'load-tests/api', redisUrl: inject('redisUrl'), count: 1, env: settings }),
    (it) => it.stop(),
  );
  const addresses = { GRAPHQL_URL: processes.graphqlUrls[0]!, REALTIME_URL: processes.realtimeUrls[0]! };
  const run = await runLoadTest(k6, { script: 'smoke', env: { ...short, ...addresses, TOKENS_FILE: file } });
  expect(run, run.said).toMatchObject({ status: 0, broken: [] });
}

describe('the tokens of a load test, made beforehand', { timeout: 90_000 }, () => {
  it('should be those of users of the pool of npm start, over TLS', async () => {
    const dataDirectory = path.join(folder, 'data');
    const options = { api: 'load-tests/api', dataDirectory, ports: await threePorts() };
    const [oidcPort] = await freePorts(1);
    const { dev } = started.adopt(
      await startStandalone({ ...options, env: { OIDC_PORT: String(oidcPort) } }),
      async (it) => void (await it.stop()),
    );
    const { endpoint, userPoolId, clientId } = dev.userPool!;
    const file = path.join(folder, 'cognito.txt');
    const pool = ['--pool', userPoolId, '--client', clientId, '--endpoint', endpoint];
    const made = await runProgram({ script, args: ['cognito', ...pool, '--count', '3', '--out', file] });
    expect(made.stdout, made.stderr).toBe(`3 tokens are in ${file}\n`);
    expect(await countTokens(file)).toBe(3);

    const BASE_URL = dev.tlsGraphqlUrl.replace(/\/graphql$/, '');
    const env = { ...short, BASE_URL, TOKENS_FILE: file, SSL_CERT_FILE: dev.ca };
    const run = await runLoadTest(k6, { script: 'smoke', env });
    expect(run, run.said).toMatchObject({ status: 0, broken: [] });
  });

  it('should be those of a key that is made for the run', async () => {
    const [port] = await freePorts(1);
    const file = path.join(folder, 'own-key.txt');
    const args = ['own-key', '--port', String(port), '--count', '4', '--out', file];
    started.adopt(
      await startProgram({ script, args, readyText: 'tokens are in' }),
      async (it) => void (await it.stop()),
    );
    expect(await countTokens(file)).toBe(4);

    await expectToHold(file, {
      COGNITO_ENDPOINT: `http://localhost:${port}`,
      COGNITO_USER_POOL_ID: 'us-west-2_load',
    });
  });

  it('should be those of a machine that an OpenID Connect issuer knows', async () => {
    const { issuer } = started.adopt(await startOidcIssuer('RS256'), (it) => it.stop());
    const file = path.join(folder, 'oidc.txt');
    const way = ['oidc', '--token-url', `${issuer}/token`, '--client', client.id, '--count', '3', '--out', file];
    const withSecret = (secret: string, args: string[]) =>
      runProgram({ script, args: [...way, ...args], env: { CLIENT_SECRET: secret } });
    const wrong = await withSecret('not-it', []);
    expect(wrong.stderr).toMatch(/\/token answers 401: .*invalid_client/);
    const made = await withSecret(client.secret, ['--resource', resource, '--scope', 'boards']);
    expect(made.stdout, made.stderr).toBe(`3 tokens are in ${file}\n`);
    expect(await countTokens(file)).toBe(3);

    await expectToHold(file, { OIDC_ISSUER: issuer });
  });

  it.each([
    [[], 'say how: cognito, oidc or own-key'],
    [['cognito', '--out', 'x'], '--pool is missing'],
    [['oidc', '--out', 'x', '--token-url', 'http://localhost', '--client', 'a'], 'CLIENT_SECRET is missing'],
    [['own-key'], '--out is missing'],
    [['own-key', '--out', 'x', '--count', 'many'], '--count must be a whole number, not "many"'],
  ])('should say what is missing in %j', async (args, says) => {
    const { status, stderr } = await runProgram({ script, args });
    expect(stderr.split('\n')[0]).toBe(says);
    expect(status).toBe(1);
  });
});
