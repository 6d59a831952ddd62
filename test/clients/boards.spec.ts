import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clients } from './clients.js';
import type { ClientKind } from './clients.js';
import { connectClient } from './deployments/deployment.js';
import type { Deployment } from './deployments/deployment.js';
import { startStandaloneDeployment } from './deployments/standalone.js';
import { probeTitle } from './story-client.js';
import type { StoryClient, StorySubscription } from './story-client.js';

const createTask = `mutation ($title: String!, $boardId: String!) {
  createTask(title: $title, boardId: $boardId) { id title boardId }
}`;
const ofBoard = 'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { id title boardId } }';
const getTasks = 'query { getTasks { id title boardId } }';

let deployment: Deployment;
const started: StoryClient[] = [];

beforeAll(async () => {
  deployment = await startStandaloneDeployment('examples/boards');
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((client) => client.stop()));
});
afterAll(() => deployment.stop());

async function connect(kind: ClientKind): Promise<StoryClient> {
  const client = await connectClient(deployment, kind, null);
  started.push(client);
  return client;
}

describe.each(clients)('the story of the boards with $name', { timeout: 60_000 }, (kind) => {
  const board = (name: string): string => `${name} of ${kind.name}`;
  const create = (client: StoryClient, title: string, boardId: string): Promise<unknown> =>
    client.mutate(createTask, { title, boardId });
  const subscribe = (client: StoryClient, boardId: string): Promise<StorySubscription> =>
    client.subscribe({
      document: ofBoard,
      variables: { boardId },
      probe: () => create(client, probeTitle, boardId),
    });

  it('should tell a subscriber of a board of its tasks alone, until it stops listening', async () => {
    const client = await connect(kind);
    const nest = await subscribe(client, board('nest'));
    const flock = await subscribe(client, board('flock'));
    const everything = await client.subscribe({
      document: 'subscription { onTaskCreated { id title boardId } }',
      probe: () => create(client, probeTitle, board('any')),
    });

    expect(await create(client, 'Gather', board('flock'))).toMatchObject({
      createTask: { title: 'Gather', boardId: board('flock') },
    });
    await create(client, 'Build', board('nest'));
    const built = await nest.next();
    expect(built).toEqual({ id: expect.any(String) as string, title: 'Build', boardId: board('nest') });
    expect(await flock.next()).toMatchObject({ title: 'Gather', boardId: board('flock') });
    expect(await everything.next()).toMatchObject({ title: 'Gather' });
    expect(await everything.next()).toEqual(built);

    nest.unsubscribe();
    await create(client, 'Repair', board('nest'));
    await create(client, 'Fly', board('flock'));
    expect(await flock.next()).toMatchObject({ title: 'Fly' });
    expect(await everything.next()).toMatchObject({ title: 'Repair' });
    expect(await everything.next()).toMatchObject({ title: 'Fly' });
    expect(nest.all()).toHaveLength(1);
    expect(flock.all()).toHaveLength(2);
    expect([flock.hasEnded(), everything.hasEnded()]).toEqual([false, false]);

    const { getTasks: tasks } = (await client.query(getTasks)) as { getTasks: Record<string, unknown>[] };
    expect(tasks).toContainEqual(expect.objectContaining({ title: 'Repair', boardId: board('nest') }));
  });
});
