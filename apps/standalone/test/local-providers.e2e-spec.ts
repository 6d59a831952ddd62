import { once } from 'node:events';
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postGraphql, runProgram } from '#libs/testing';
import {
  fourPorts,
  portEnvironment,
  standaloneScript,
  startStandalone,
  temporaryFolder,
  tokenScript,
} from './start-standalone.js';
import type { StandaloneOptions, StartedStandalone } from './start-standalone.js';

const api = 'examples/multi-auth';
const whoAmI = '{ whoAmI { authType username } }';

let dataDirectory: string;
let ports: number[];
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  const { folder, remove } = await temporaryFolder();
  dataDirectory = folder;
  ports = await fourPorts();
  cleanUp.push(remove);
});

afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function start(options: Partial<StandaloneOptions> = {}): Promise<StartedStandalone> {
  const standalone = await startStandalone({ api, dataDirectory, ports, ...options });
  cleanUp.push(() => standalone.stop());
  return standalone;
}

/** The example with changes to its starling.yaml. */
async function changedApi(change: (yaml: string) => string): Promise<string> {
  const { folder, remove } = await temporaryFolder();
  cleanUp.push(remove);
  await cp(api, folder, { recursive: true });
  const file = path.join(folder, 'starling.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
  return folder;
}

async function printed(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runProgram({ script: tokenScript, args: [...args, '--data', dataDirectory] });
  return (stdout || stderr).trim();
}

async function caller({ dev }: StartedStandalone, authorization: string): Promise<unknown> {
  const { data, errors } = await postGraphql(dev.graphqlUrl, { authorization }, whoAmI);
  return data?.whoAmI ?? errors?.[0]?.errorType;
}

/** The process that the issuer runs in, as its log tells. */
async function issuerPid(): Promise<number> {
  const log = await readFile(path.join(dataDirectory, 'apis', 'multi-auth', 'oidc', 'service.log'), 'utf8');
  return Number(/Process (\d+) listens/.exec(log)?.[1]);
}

describe('what it makes', () => {
  it('should have nothing for the modes that an API lacks', async () => {
    const { dev } = await start({ api: 'examples/boards' });
    expect(dev.credentials).toEqual({
      apiKey: dev.apiKey,
      userPoolToken: null,
      oidcToken: null,
      lambdaToken: null,
      iam: null,
    });
    expect(dev).toMatchObject({ oidc: null, accessKeys: [], users: [] });
    await expect(fetch(`http://localhost:${ports[3]}/`)).rejects.toThrow();
    expect(await printed('--lambda')).toBe('The API that was started last has no local.lambdaToken.');
    expect(await printed('jdoe', '--oidc')).toBe('The API that was started last has no local OpenID Connect issuer.');
    expect(await printed('--iam')).toMatch(/^npm start made no access keys/);
  });

  it('should be good after a restart, and for nothing after --fresh', async () => {
    const first = await start();
    const { credentials } = first.dev;
    await first.stop();
    const second = await start();
    expect(second.dev.credentials).toMatchObject({ lambdaToken: credentials.lambdaToken, iam: credentials.iam });
    expect(await caller(second, credentials.oidcToken!)).toMatchObject({ username: 'jdoe' });
    await second.stop();

    const fresh = await start({ args: ['--fresh'] });
    expect(fresh.dev.credentials.iam).not.toEqual(credentials.iam);
    for (const token of [credentials.oidcToken!, credentials.lambdaToken!])
      expect(await caller(fresh, token)).toBe('UnauthorizedException');
    expect(await caller(fresh, fresh.dev.credentials.oidcToken!)).toMatchObject({ username: 'jdoe' });
  });

  it('should let a local key do everything where the definition names none', async () => {
    const standalone = await start({
      api: await changedApi((yaml) =>
        yaml.replace(/ {2}accessKeys:[\s\S]*?(?= {2}lambdaToken:)/, '').replace(/ {4}- .*as: backend.*\n/, ''),
      ),
    });
    expect(standalone.dev.accessKeys.map(({ username }) => username)).toEqual(['local']);
  });

  it('should take the access file of whoever starts it, and copy none of its keys', async () => {
    const file = path.join(dataDirectory, 'mine.yaml');
    await writeFile(file, 'accessKeys: [{ accessKeyId: MINE, secretAccessKey: 0123456789abcdef, allow: ["*"] }]\n');
    const { dev } = await start({
      dataDirectory: path.join(dataDirectory, 'data'),
      env: { IAM_CREDENTIALS_FILE: file },
    });
    expect(dev).toMatchObject({ credentials: { iam: null }, accessKeys: [] });
  });

  it('should leave issuers alone that the definition writes out', async () => {
    const { dev } = await start({
      api: await changedApi((yaml) => yaml.replace('${OIDC_ISSUER}', 'https://login.example.com')),
    });
    expect(dev).toMatchObject({ oidc: null, credentials: { oidcToken: null } });
  });
});

describe('mistakes', () => {
  it('should name OIDC_PORT in one line when its port is taken, and a command that works', async () => {
    const server = createServer().listen(ports[3], '127.0.0.1');
    await once(server, 'listening');
    cleanUp.push(() => once(server.close(), 'close'));
    const env = portEnvironment(ports);
    const { status, stderr } = await runProgram({
      script: standaloneScript,
      args: [api, '--data', dataDirectory],
      env,
    });
    expect(status).toBe(1);
    const [line, example] = stderr.trim().split('\n');
    expect(line).toBe(`OIDC_PORT: port ${ports[3]} is taken. Set OIDC_PORT to a free port.`);
    expect(example).toMatch(/^For example: PORT=\d+ TLS_PORT=\d+ COGNITO_PORT=\d+ OIDC_PORT=\d+ npm start -- /);
  });

  it('should tell that the issuer died, take its known tokens, and stop in order', async () => {
    const standalone = await start();
    const { oidcToken, apiKey } = standalone.dev.credentials;
    expect(await caller(standalone, oidcToken!)).toMatchObject({ username: 'jdoe' });
    process.kill(await issuerPid(), 'SIGKILL');
    await expect
      .poll(standalone.stderr, { timeout: 5_000, interval: 20 })
      .toMatch(/^The local OpenID Connect issuer has ended \(SIGKILL\); .*service\.log says why\.$/m);

    expect(await caller(standalone, oidcToken!)).toMatchObject({ username: 'jdoe' });
    const { data } = await postGraphql(standalone.dev.graphqlUrl, { 'x-api-key': apiKey! }, whoAmI);
    expect(data?.whoAmI).toMatchObject({ username: null });
    expect(await printed('jdoe', '--oidc')).toBe(
      `Nothing listens at http://localhost:${ports[3]}. Is npm start running?`,
    );
    expect(await standalone.stop()).toBe(0);
  });

  it('should not leave the issuer behind when it is killed', async () => {
    const standalone = await start();
    const pid = await issuerPid();
    await standalone.stop('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000, interval: 20 }).toBe(false);
  });

  it('should say that the key of the issuer is damaged, and stop what it had started', async () => {
    const standalone = await start();
    await standalone.stop();
    await appendFile(path.join(dataDirectory, 'apis', 'multi-auth', 'oidc', 'signing-key.json'), '}');
    const { status, stderr } = await runProgram({
      script: standaloneScript,
      args: [api, '--data', dataDirectory],
      env: portEnvironment(ports),
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/signing-key\.json is damaged: it is not JSON\. Start with --fresh to begin anew\.$/);
    await expect(fetch(`http://localhost:${ports[2]}/health`)).rejects.toThrow();
  });

  it('should start with a user who has another password by now, and say so', async () => {
    await (await start()).stop();
    const changed = await changedApi((yaml) => yaml.replace('jdoe, password: P@ssw0rd', 'jdoe, password: Ch@nged1'));
    const { dev, stderr } = await start({ api: changed });
    expect(dev.credentials).toMatchObject({ userPoolToken: null, oidcToken: expect.stringMatching(/^eyJ/) as unknown });
    expect(stderr()).toMatch(/^dev\.json has no userPoolToken: jdoe could not log in: /m);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
