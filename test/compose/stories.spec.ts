import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { clients } from '../clients/clients.js';
import type { ClientKind } from '../clients/clients.js';
import { connectClient } from '../clients/deployments/deployment.js';
import { probeTitle } from '../clients/story-client.js';
import type { StoryClient } from '../clients/story-client.js';
import { startComposition } from './composition.js';
import type { Composition } from './composition.js';
import { requestOverTls } from './request-over-tls.js';

const operation = (name: string): Promise<string> => readFile(`examples/tasks/operations/${name}.graphql`, 'utf8');
const createTask = `mutation ($title: String!) {
  createTask(title: $title, priority: high, classification: 8, department: "engineering") {
    id title priority classification department
  }
}`;
const createOnBoard = `mutation ($title: String!, $boardId: String!) {
  createTask(title: $title, boardId: $boardId) { id title boardId }
}`;

/** One of each protocol; the others have the stories on other deployments. */
const kinds = clients.filter(({ name }) => name === 'Amplify 6' || name === 'graphql-ws');

const started: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

async function start(api: string): Promise<Composition> {
  const composition = await startComposition(api);
  started.push(() => composition.stop());
  return composition;
}

async function connect(composition: Composition, kind: ClientKind, user: string | null): Promise<StoryClient> {
  const client = await connectClient(composition, kind, user);
  started.push(() => client.stop());
  return client;
}

// Elsewhere only one address of the loopback network is there.
describe.skipIf(process.platform !== 'linux')('what the compose file composes', { timeout: 120_000 }, () => {
  it('should tell jdoe of important tasks, through every gateway, until he is cut off', async () => {
    const composition = await start('examples/tasks');
    const janed = await connect(composition, kinds[0]!, 'janed');
    // Two of each: the proxy takes gateways in turn.
    const subscriptions = await Promise.all(
      [...kinds, ...kinds].map(async (kind) => {
        const jdoe = await connect(composition, kind, 'jdoe');
        const probe = (): Promise<unknown> => janed.mutate(createTask, { title: probeTitle });
        return jdoe.subscribe({ document: await operation('subscribe'), probe });
      }),
    );
    const connections = 'starling_gateway_connections{protocol="appsync"}';
    expect(Math.min(...(await composition.gatewayMetric(connections)))).toBeGreaterThan(0);
    await janed.mutate(await operation('create-low-priority-task'));
    await janed.mutate(await operation('create-high-priority-task'));
    for (const subscription of subscriptions) {
      expect(await subscription.next()).toMatchObject({ title: 'High Priority Task', owner: 'janed' });
    }
    await janed.mutate(await operation('unsubscribe-jdoe'));
    for (const subscription of subscriptions) await subscription.ended();
    await janed.mutate(createTask, { title: 'not for him' });
    for (const subscription of subscriptions) expect(subscription.all()).toHaveLength(1);
  });

  it('should tell subscribers of a board of its tasks while an api and a gateway are away', async () => {
    const composition = await start('examples/boards');
    const [api, , gateway] = composition.programs;
    const subscribe = async (): Promise<Awaited<ReturnType<StoryClient['subscribe']>>[]> =>
      Promise.all(
        [...kinds, ...kinds].map(async (kind) => {
          const client = await connect(composition, kind, null);
          return client.subscribe({
            document: 'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { title boardId } }',
            variables: { boardId: 'nest' },
            probe: () => client.mutate(createOnBoard, { title: probeTitle, boardId: 'nest' }),
          });
        }),
      );
    const writer = await connect(composition, kinds[0]!, null);
    const create = (title: string, boardId: string): Promise<unknown> =>
      writer.mutate(createOnBoard, { title, boardId });

    const before = await subscribe();
    await create('Gather', 'flock');
    await create('Build', 'nest');
    for (const subscription of before) expect(await subscription.next()).toEqual({ title: 'Build', boardId: 'nest' });

    await Promise.all([api!.stop(), gateway!.stop()]);
    for (const subscription of before) await subscription.live();
    for (const title of ['Line', 'Warm', 'Guard', 'Feed']) await create(title, 'nest');
    for (const subscription of before) {
      for (const title of ['Line', 'Warm', 'Guard', 'Feed']) expect(await subscription.next()).toMatchObject({ title });
    }
  });

  it('should say where GraphQL is to who asks elsewhere, and send events of a stream at once', async () => {
    const composition = await start('examples/boards');
    const client = await connect(composition, kinds[0]!, null);
    const nowhere = await requestOverTls(composition, '/metrics');
    expect([nowhere.status, await nowhere.text()]).toEqual([404, expect.stringContaining('/graphql/realtime')]);

    const stream = await requestOverTls(composition, '/graphql/stream', {
      query: 'subscription { onTaskCreated { title } }',
    });
    expect(stream.status).toBe(200);
    const event = stream.waitFor('onTaskCreated');
    await client.mutate(createOnBoard, { title: 'Sing', boardId: 'nest' });
    expect(await event).toContain('"title":"Sing"');
    stream.close();
  });
});
