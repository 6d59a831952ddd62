import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { clients } from '../clients/clients.js';
import type { ClientKind } from '../clients/clients.js';
import { connectClient } from '../clients/deployments/deployment.js';
import { probeTitle } from '../clients/story-client.js';
import type { StoryClient } from '../clients/story-client.js';
import { credentialsOf, deploymentOf } from './deployments.js';

const operation = (name: string): Promise<string> => readFile(`examples/tasks/operations/${name}.graphql`, 'utf8');
const running: StoryClient[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.stop()));
});

async function connect(kind: ClientKind, user: string): Promise<StoryClient> {
  const { tls, ca } = deploymentOf('examples/tasks');
  const addresses = { endpoint: `https://${tls}/graphql`, realtimeUrl: `wss://${tls}/graphql/realtime` };
  const deployment = { ...addresses, ca, credentialsOf, stop: async () => undefined };
  const client = await connectClient(deployment, kind, user);
  running.push(client);
  return client;
}

const createTask = `mutation ($title: String!, $priority: Priority!) {
  createTask(title: $title, priority: $priority, classification: 8, department: "engineering") {
    id title priority classification department
  }
}`;

describe.each(clients)('an unmodified $name through one front over TLS', { timeout: 60_000 }, (kind) => {
  it('should be told of what its filter lets through, and when it is cut off', async () => {
    const manager = await connect(kind, 'janed');
    const jdoe = await connect(kind, 'jdoe');
    const create = (title: string, priority: string): Promise<unknown> =>
      manager.mutate(createTask, { title, priority });
    const subscription = await jdoe.subscribe({
      document: await operation('subscribe'),
      probe: () => create(probeTitle, 'high'),
    });
    await create('of no interest', 'low');
    await create('of interest', 'high');
    expect(await subscription.next()).toMatchObject({ title: 'of interest' });
    expect(subscription.all()).toHaveLength(1);

    await manager.mutate(await operation('unsubscribe-jdoe'));
    expect(await subscription.ended()).toEqual(kind.toldOfInvalidation);
  });
});
