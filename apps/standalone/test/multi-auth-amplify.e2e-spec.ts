import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '#libs/testing';
import type { DevFile } from '../src/dev-file.js';
import { connectAmplify, is } from './connect-amplify.js';
import type { AmplifyClient } from './connect-amplify.js';
import { fourPorts, startStandalone, temporaryFolder, tokenScript } from './start-standalone.js';
import type { StartedStandalone } from './start-standalone.js';

type Credentials = Readonly<Record<string, string>>;

/** How an application tells Amplify of the credentials in dev.json. */
const amplifyModes: Readonly<Record<string, (credentials: DevFile['credentials']) => Credentials>> = {
  apiKey: ({ apiKey }) => ({ authMode: 'apiKey', apiKey: apiKey! }),
  userPool: ({ userPoolToken }) => ({ authMode: 'userPool', accessToken: userPoolToken! }),
  oidc: ({ oidcToken }) => ({ authMode: 'oidc', accessToken: oidcToken! }),
  lambda: ({ lambdaToken }) => ({ authMode: 'lambda', authToken: lambdaToken! }),
  iam: ({ iam }) => ({ authMode: 'iam', ...iam! }),
};

/** What each may read of a task: its author, and the hours that managers estimated. */
const readable = {
  apiKey: { createdBy: null, estimate: null },
  userPool: { createdBy: 'janed', estimate: null },
  oidc: { createdBy: 'janed', estimate: null },
  lambda: { createdBy: null, estimate: null },
  iam: { createdBy: 'janed', estimate: null },
};

const names = { apiKey: null, userPool: 'jdoe', oidc: 'jdoe', lambda: 'lobby-display', iam: 'backend' };

const subscription =
  'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { title boardId createdBy estimate } }';
const mutation =
  'mutation ($boardId: String!) { createTask(title: "Nest", boardId: $boardId, estimate: 5) { title boardId createdBy estimate } }';

let standalone: StartedStandalone;
let manager: AmplifyClient;
let remove: () => Promise<void>;
const clients: AmplifyClient[] = [];

function connect(credentials: Credentials): AmplifyClient {
  const { tlsGraphqlUrl: endpoint, ca } = standalone.dev;
  const client = connectAmplify({ endpoint, ca, credentials });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  const temporary = await temporaryFolder();
  ({ remove } = temporary);
  standalone = await startStandalone({
    api: 'examples/multi-auth',
    dataDirectory: temporary.folder,
    ports: await fourPorts(),
  });
  const { stdout } = await runProgram({
    script: tokenScript,
    args: ['janed', '--access', '--data', temporary.folder],
  });
  manager = connect({ authMode: 'userPool', accessToken: stdout.trim() });
  clients.pop();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
});

afterAll(async () => {
  await manager.stop();
  await standalone.stop();
  await remove();
});

describe.each(Object.keys(amplifyModes))('an unmodified Amplify client with %s', { timeout: 60_000 }, (name) => {
  const mode = name as keyof typeof readable;
  const connectAs = (): AmplifyClient => connect(amplifyModes[mode]!(standalone.dev.credentials));

  it('should query, mutate and be taken for who it is', async () => {
    const amplify = connectAs();
    amplify.send({ command: 'query', query: '{ whoAmI { authType username } }' });
    expect((await amplify.waitFor(is('answer'))).data).toMatchObject({ whoAmI: { username: names[mode] } });

    const boardId = `written by ${mode}`;
    const create =
      'mutation ($boardId: String!) { createTask(title: "Build", boardId: $boardId) { id title description status boardId } }';
    amplify.send({ command: 'mutate', query: create, variables: { boardId } });
    const created = await amplify.waitFor(is('answer'));
    expect(created).toMatchObject({ data: { createTask: { title: 'Build', boardId } } });
    expect(created.errors).toBeUndefined();

    amplify.send({ command: 'query', query: '{ getTasks { title boardId } }' });
    const { data } = await amplify.waitFor(is('answer'));
    expect((data as { getTasks: unknown[] }).getTasks).toContainEqual({ title: 'Build', boardId });
  });

  it('should be delivered what it may read', async () => {
    const amplify = connectAs();
    const boardId = `watched by ${mode}`;
    amplify.send({ command: 'subscribe', name: 'tasks', query: subscription, variables: { boardId } });
    await amplify.waitFor(is('ack'));
    manager.send({ command: 'mutate', query: mutation, variables: { boardId } });
    expect(await manager.waitFor(is('answer'))).toMatchObject({
      data: { createTask: { createdBy: 'janed', estimate: 5 } },
    });
    expect(await amplify.waitFor(is('next', 'tasks'))).toMatchObject({
      data: { onTaskCreated: { title: 'Nest', boardId, ...readable[mode] } },
    });
  });

  it('should remove members only if it is the backend', async () => {
    const amplify = connectAs();
    amplify.send({ command: 'mutate', query: 'mutation { removeMember(username: "nobody") { username } }' });
    const { data, errors } = await amplify.waitFor(is('answer'));
    expect(data).toEqual({ removeMember: mode === 'iam' ? { username: 'nobody' } : null });
    expect(errors?.map(({ message }) => message)).toEqual(
      mode === 'iam' ? undefined : ['Not Authorized to access removeMember on type Mutation'],
    );
  });

  it('should be kept from what is for managers', async () => {
    const amplify = connectAs();
    amplify.send({ command: 'mutate', query: 'mutation { deleteTask(id: "1") { id } }' });
    expect(await amplify.waitFor(is('answer'))).toMatchObject({
      data: { deleteTask: null },
      errors: [{ message: 'Not Authorized to access deleteTask on type Mutation' }],
    });
  });
});

describe('a member who leaves', { timeout: 60_000 }, () => {
  it('should lose the subscriptions of both modes, and nobody else theirs', async () => {
    const { credentials } = standalone.dev;
    const boardId = 'left';
    const watching = ['userPool', 'oidc', 'lambda'].map((mode) => connect(amplifyModes[mode]!(credentials)));
    for (const amplify of watching) {
      amplify.send({ command: 'subscribe', name: 'tasks', query: subscription, variables: { boardId } });
      await amplify.waitFor(is('ack'));
    }
    const backend = connect(amplifyModes.iam!(credentials));
    backend.send({ command: 'mutate', query: 'mutation { removeMember(username: "jdoe") { username } }' });
    const [member, partner, display] = watching;
    for (const amplify of [member!, partner!])
      expect((await amplify.waitFor(is('error', 'tasks'))).message).toContain('SubscriptionInvalidated');

    manager.send({ command: 'mutate', query: mutation, variables: { boardId } });
    expect(await display!.waitFor(is('next', 'tasks'))).toMatchObject({ data: { onTaskCreated: { boardId } } });
    for (const amplify of [member!, partner!]) expect(amplify.seen.filter(is('next'))).toEqual([]);
  });
});
