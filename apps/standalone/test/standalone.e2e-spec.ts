import { once } from 'node:events';
import { access, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { freePorts, postGraphql, runProgram } from '#libs/testing';
import {
  portEnvironment,
  standaloneScript,
  startStandalone,
  temporaryFolder,
  threePorts,
  tokenScript,
} from './start-standalone.js';
import type { StandaloneOptions, StartedStandalone } from './start-standalone.js';

const createTask = /* GraphQL */ `
  mutation ($title: String!, $boardId: String!) {
    createTask(title: $title, boardId: $boardId) {
      id
      title
      boardId
    }
  }
`;

let dataDirectory: string;
let ports: number[];
const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  const { folder, remove } = await temporaryFolder();
  dataDirectory = folder;
  ports = await threePorts();
  cleanUp.push(remove);
});

afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function start(options: Partial<StandaloneOptions> = {}): Promise<StartedStandalone> {
  const standalone = await startStandalone({ dataDirectory, ports, ...options });
  cleanUp.push(() => standalone.stop());
  return standalone;
}

describe('what it prints and writes', () => {
  it('should show where it is, who may log in and what to try', async () => {
    const { dev, stdout } = await start();
    const text = stdout();
    for (const shown of [dev.graphqlUrl, dev.realtimeUrl, dev.streamUrl, dev.tlsGraphqlUrl, dev.tlsRealtimeUrl, dev.ca])
      expect(text).toContain(shown);
    expect(text).toMatch(/jdoe +password P@ssw0rd +in no group/);
    expect(text).toMatch(/janed +password P@ssw0rd +in ManagerGroup/);
    expect(text).toContain('onHightPriorityEngineeringTaskCreated');
    expect(text).toContain('mutation MyMutation');
  });

  it('should show commands that reach this instance', async () => {
    const { stdout } = await start();
    const data = `--data ${dataDirectory}`;
    expect(stdout()).toContain(`npm run -s token -- jdoe ${data} prints a token`);
    expect(stdout()).toContain(`$(npm run -s token -- janed ${data})`);
    const command = /^ {2}npm run -s subscribe -- '(.*)' --as jdoe --data (.*)$/m.exec(stdout());
    expect(command?.[2]).toBe(dataDirectory);
    expect(command?.[1]).toMatch(/^subscription.*onHightPriorityEngineeringTaskCreated/);
  });

  it('should show what is probably not meant as faults are shown', async () => {
    const api = path.join(dataDirectory, 'api');
    await cp('examples/boards', api, { recursive: true });
    const schema = await readFile(path.join(api, 'schema.graphql'), 'utf8');
    await writeFile(path.join(api, 'schema.graphql'), schema.replace(/ *@aws_subscribe\([^)]*\)/, ''));
    const { stderr, stdout } = await start({ api, dataDirectory: path.join(dataDirectory, 'data') });
    expect(stderr()).toMatch(/^schema\.graphql:\d+:\d+ {2}warning: The subscription ".*" never triggers\./m);
    expect(stdout()).not.toContain('"level"');
  });

  it('should write all of dev.json, for this user only', async () => {
    const { dev } = await start();
    const [port, tlsPort, cognitoPort] = ports;
    expect(dev).toMatchObject({
      graphqlUrl: `http://localhost:${port}/graphql`,
      realtimeUrl: `ws://localhost:${port}/graphql/realtime`,
      streamUrl: `http://localhost:${port}/graphql/stream`,
      tlsGraphqlUrl: `https://localhost:${tlsPort}/graphql`,
      tlsRealtimeUrl: `wss://localhost:${tlsPort}/graphql/realtime`,
      tlsStreamUrl: `https://localhost:${tlsPort}/graphql/stream`,
      ca: path.join(dataDirectory, 'tls', 'ca.pem'),
      apiKey: null,
      userPool: { endpoint: `http://localhost:${cognitoPort}`, region: 'us-west-2' },
    });
    expect(dev.users.map(({ username, groups }) => [username, groups])).toEqual([
      ['jdoe', []],
      ['janed', ['ManagerGroup']],
    ]);
    expect((await stat(path.join(dataDirectory, 'dev.json'))).mode & 0o777).toBe(0o600);
  });

  it('should show the API key of an API that has one, and start no user pool', async () => {
    const { dev, stdout } = await start({ api: 'examples/boards' });
    expect(dev.apiKey).toMatch(/^da2-[a-z0-9]{26}$/);
    expect(stdout()).toContain(dev.apiKey);
    expect(dev.userPool).toBeNull();
    const { data } = await postGraphql(dev.graphqlUrl, { 'x-api-key': dev.apiKey! }, createTask, {
      title: 'Nest',
      boardId: 'b1',
    });
    expect(data?.createTask).toMatchObject({ title: 'Nest', boardId: 'b1' });
  });
});

describe('its metrics', () => {
  it('should be served on this machine when a port is given, with health and readiness', async () => {
    const [metricsPort] = await freePorts(1);
    const { dev } = await start({ api: 'examples/boards', env: { METRICS_PORT: String(metricsPort) } });
    const variables = { title: 'Nest', boardId: 'board-1' };
    await postGraphql(dev.graphqlUrl, { 'x-api-key': dev.apiKey! }, createTask, variables);
    const ask = (at: string) => fetch(`http://127.0.0.1:${metricsPort}${at}`);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain('starling_api_requests_total{operation="mutation",outcome="ok"} 1');
    expect(metrics).toContain('starling_gateway_connections{protocol="appsync"} 0');
    expect(metrics).toMatch(/^process_cpu_seconds_total /m);
    expect(await (await ask('/readyz')).json()).toEqual({ status: 'ready', checks: { process: 'ok' } });
  });
});

describe('its data', () => {
  const getTasks = '{ getTasks { title } }';

  it('should survive a restart, and the API key with it', async () => {
    const first = await start({ api: 'examples/boards' });
    await postGraphql(first.dev.graphqlUrl, { 'x-api-key': first.dev.apiKey! }, createTask, {
      title: 'Nest',
      boardId: 'b1',
    });
    expect(await first.stop()).toBe(0);
    const second = await start({ api: 'examples/boards' });
    expect(second.dev.apiKey).toBe(first.dev.apiKey);
    const { data } = await postGraphql(second.dev.graphqlUrl, { 'x-api-key': first.dev.apiKey! }, getTasks);
    expect(data).toEqual({ getTasks: [{ title: 'Nest' }] });
  });

  it('should be gone after --fresh, which touches nothing of anybody else', async () => {
    const first = await start({ api: 'examples/boards' });
    await postGraphql(first.dev.graphqlUrl, { 'x-api-key': first.dev.apiKey! }, createTask, {
      title: 'Nest',
      boardId: 'b1',
    });
    await first.stop();
    const foreign = path.join(dataDirectory, 'holiday.jpg');
    await writeFile(foreign, '');
    const second = await start({ api: 'examples/boards', args: ['--fresh'] });
    expect(second.dev.apiKey).not.toBe(first.dev.apiKey);
    const { data } = await postGraphql(second.dev.graphqlUrl, { 'x-api-key': second.dev.apiKey! }, getTasks);
    expect(data).toEqual({ getTasks: [] });
    await access(foreign);
  });

  it('should not be shared: two instances run side by side, and one folder takes one', async () => {
    const first = await start({ api: 'examples/boards' });
    const other = await temporaryFolder();
    cleanUp.push(other.remove);
    const second = await start({ api: 'examples/boards', dataDirectory: other.folder, ports: await threePorts() });
    await postGraphql(first.dev.graphqlUrl, { 'x-api-key': first.dev.apiKey! }, createTask, {
      title: 'Nest',
      boardId: 'b1',
    });
    const { data } = await postGraphql(second.dev.graphqlUrl, { 'x-api-key': second.dev.apiKey! }, getTasks);
    expect(data).toEqual({ getTasks: [] });

    const third = await runProgram({
      script: standaloneScript,
      args: ['examples/boards', '--data', dataDirectory],
      env: portEnvironment(await threePorts()),
    });
    expect(third.status).toBe(1);
    expect(third.stderr).toContain(`is in use by another instance (process ${first.pid}). Choose another with --data.`);
  });
});

describe('starting it wrong', () => {
  const variables = ['PORT', 'TLS_PORT', 'COGNITO_PORT'];

  it.each(variables.map((name, index) => [name, index] as const))(
    'should name %s in one line when its port is taken, and a command that works',
    async (name, index) => {
      const server = createServer().listen(ports[index], '127.0.0.1');
      await once(server, 'listening');
      cleanUp.push(() => once(server.close(), 'close'));
      const { status, stdout, stderr } = await runProgram({
        script: standaloneScript,
        args: ['examples/tasks', '--data', dataDirectory],
        env: portEnvironment(ports),
      });
      expect(status).toBe(1);
      const [line, example, ...others] = stderr.trim().split('\n');
      expect(line).toBe(`${name}: port ${ports[index]} is taken. Set ${name} to a free port.`);
      expect(example).toMatch(
        /^For example: PORT=\d+ TLS_PORT=\d+ COGNITO_PORT=\d+ npm start -- examples\/tasks --data /,
      );
      expect(others).toEqual([]);
      expect(stdout).toBe('');
    },
  );

  it.each([
    ['a folder that is not there', ['examples/nothing'], /^examples\/nothing does not exist$/],
    ['a file', ['examples/README.md'], /^examples\/README.md is a file; give the folder it is in$/],
    [
      'a folder above',
      ['examples'],
      /^examples has no starling.yaml; these folders in it do: examples\/boards, .*examples\/tasks/,
    ],
    ['a data folder that can not be', ['--data', '/dev/null/x'], /^--data: \/dev\/null\/x can't be made: .*$/],
    ['an unknown option', ['--frehs'], /Unknown option '--frehs'[\s\S]*Usage: npm start/],
    ['two folders', ['examples/tasks', 'examples/boards'], /One API at a time/],
  ])('should say what is wrong with %s', async (_what, args, text) => {
    const { status, stderr } = await runProgram({
      script: standaloneScript,
      args: ['--data', dataDirectory, ...args],
      env: portEnvironment(ports),
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(text);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it('should list every wrong setting at once', async () => {
    const { status, stderr } = await runProgram({
      script: standaloneScript,
      args: ['--data', dataDirectory],
      env: { PORT: 'many', TLS_PORT: '0', KEEP_ALIVE_MS: 'often' },
    });
    expect(status).toBe(1);
    for (const name of ['PORT', 'TLS_PORT', 'KEEP_ALIVE_MS']) expect(stderr).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});

describe('stopping it', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('should end everything it started on %s', async (signal) => {
    const standalone = await start();
    const { endpoint } = standalone.dev.userPool!;
    expect(await standalone.stop(signal)).toBe(0);
    await expect(fetch(`${endpoint}/health`)).rejects.toThrow();
    await expect(fetch(standalone.dev.graphqlUrl)).rejects.toThrow();
    await expect(access(path.join(dataDirectory, 'lock'))).rejects.toThrow();
  });

  it('should take the signals that one Ctrl-C becomes for one', async () => {
    const standalone = await start();
    process.kill(standalone.pid, 'SIGINT');
    process.kill(standalone.pid, 'SIGTERM');
    expect(await standalone.stop('SIGINT')).toBe(0);
    await expect(access(path.join(dataDirectory, 'lock'))).rejects.toThrow();
  });

  it('should not leave the user pool behind when it is killed, and start again over what it left', async () => {
    const killed = await start();
    await killed.stop('SIGKILL');
    const again = await start();
    expect(again.dev.userPool).toEqual(killed.dev.userPool);
  });
});

describe('its user pool', () => {
  it('should log the users in with the ordinary Cognito API, and print tokens', async () => {
    const { dev } = await start();
    const client = cognito(dev.userPool!.endpoint);
    const { AuthenticationResult } = await client.send(
      new InitiateAuthCommand({
        ClientId: dev.userPool!.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'jdoe', PASSWORD: 'P@ssw0rd' },
      }),
    );
    expect(claimsOf(AuthenticationResult!.IdToken!)).toMatchObject({
      'cognito:username': 'jdoe',
      email: 'jdoe@myemail.com',
      token_use: 'id',
      iss: `${dev.userPool!.endpoint}/${dev.userPool!.userPoolId}`,
    });

    const printed = await runProgram({ script: tokenScript, args: ['janed', '--data', dataDirectory] });
    expect(printed.stdout.trim().split('\n')).toHaveLength(1);
    expect(claimsOf(printed.stdout.trim())).toMatchObject({
      'cognito:username': 'janed',
      'cognito:groups': ['ManagerGroup'],
    });
    const access = await runProgram({ script: tokenScript, args: ['janed', '--access', '--data', dataDirectory] });
    expect(claimsOf(access.stdout.trim())).toMatchObject({ username: 'janed', token_use: 'access' });

    const nobody = await runProgram({ script: tokenScript, args: ['nobody', '--data', dataDirectory] });
    expect(nobody.status).toBe(1);
    expect(nobody.stderr).toContain('There is no user "nobody" in dev.json (there are: jdoe, janed)');
  });

  it("should take the seed's commands: sign up, confirm, add to a group", async () => {
    const { dev } = await start();
    const { endpoint, clientId, userPoolId } = dev.userPool!;
    const client = cognito(endpoint);
    await client.send(
      new SignUpCommand({
        ClientId: clientId,
        Username: 'mwren',
        Password: 'P@ssw0rd',
        UserAttributes: [{ Name: 'email', Value: 'mwren@myemail.com' }],
      }),
    );
    await client.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: 'mwren', ConfirmationCode: '123456' }));
    await client.send(
      new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username: 'mwren', GroupName: 'ManagerGroup' }),
    );

    const { stdout } = await runProgram({
      script: tokenScript,
      args: ['mwren', '--password', 'P@ssw0rd', '--data', dataDirectory],
    });
    const { data, errors } = await postGraphql(
      dev.graphqlUrl,
      { authorization: stdout.trim() },
      '{ allTasks { items { id } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ allTasks: { items: [] } });
  });
});

function cognito(endpoint: string): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  cleanUp.push(async () => client.destroy());
  return client;
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}
