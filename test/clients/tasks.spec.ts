import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clients } from './clients.js';
import type { ClientKind } from './clients.js';
import { connectClient } from './deployments/deployment.js';
import type { Deployment } from './deployments/deployment.js';
import { startStandaloneDeployment } from './deployments/standalone.js';
import { probeTitle } from './story-client.js';
import type { StoryClient } from './story-client.js';

const operation = (name: string): Promise<string> => readFile(`examples/tasks/operations/${name}.graphql`, 'utf8');

/** With the fields of the task as variables. */
const createTask = `mutation ($title: String!, $priority: Priority!, $classification: Int!, $department: String!) {
  createTask(title: $title, priority: $priority, classification: $classification, department: $department) {
    id title priority classification department
  }
}`;
const high = { priority: 'high', classification: 8, department: 'engineering' };

let deployment: Deployment;
const started: StoryClient[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((client) => client.stop()));
});

async function connect(kind: ClientKind, user: string): Promise<StoryClient> {
  const client = await connectClient(deployment, kind, user);
  started.push(client);
  return client;
}

describe('the tasks', () => {
  beforeAll(async () => {
    deployment = await startStandaloneDeployment('examples/tasks');
  });
  afterAll(() => deployment.stop());

  it.each(clients)(
    'should be told to jdoe if high priority and engineering, with $name',
    { timeout: 60_000 },
    async (kind) => {
      const janed = await connect(kind, 'janed');
      const jdoe = await connect(kind, 'jdoe');
      const subscription = await jdoe.subscribe({
        document: await operation('subscribe'),
        probe: () => janed.mutate(createTask, { title: probeTitle, ...high }),
      });
      await janed.mutate(await operation('create-low-priority-task'));
      await janed.mutate(await operation('create-high-priority-task'));
      expect(await subscription.next()).toEqual({
        id: expect.any(String) as string,
        title: 'High Priority Task',
        description: 'High Priority Task',
        owner: 'janed',
        taskStatus: 'WIP',
        priority: 'high',
        department: 'engineering',
        classification: 8,
      });

      // One rule broken at a time, and at last one that keeps all.
      await janed.mutate(createTask, { title: 'not high', ...high, priority: 'highest' });
      await janed.mutate(createTask, { title: 'not 7', ...high, classification: 6 });
      await janed.mutate(createTask, { title: 'not engineering', ...high, department: 'HR' });
      await janed.mutate(createTask, { title: 'fits', ...high, classification: 7 });
      expect(await subscription.next()).toMatchObject({ title: 'fits' });
      expect(subscription.all()).toHaveLength(2);
      await expect(jdoe.mutate(createTask, { title: 'not for employees', ...high })).rejects.toThrow(
        'Not Authorized to access createTask on type Mutation',
      );
    },
  );
});

describe('the tasks that a client chooses by a filter of its own', () => {
  beforeAll(async () => {
    deployment = await startStandaloneDeployment('examples/tasks-client-filter');
  });
  afterAll(() => deployment.stop());

  it.each(clients)('should be those that $name is told of', { timeout: 60_000 }, async (kind) => {
    const janed = await connect(kind, 'janed');
    const create = (title: string, classification: number): Promise<unknown> =>
      janed.mutate(createTask, { title, ...high, classification });
    const subscription = await janed.subscribe({
      document: `subscription onHightPriorityEngineeringTaskCreated ($filter: String) {
        onHightPriorityEngineeringTaskCreated (filter: $filter) { title classification }
      }`,
      // As the article's client makes it.
      variables: { filter: JSON.stringify([{ classification: { le: 2 } }]) },
      probe: () => create(probeTitle, 0),
    });
    await create('three', 3);
    await create('two', 2);
    await create('one', 1);
    expect(await subscription.next()).toEqual({ title: 'two', classification: 2 });
    expect(await subscription.next()).toEqual({ title: 'one', classification: 1 });
    expect(subscription.all()).toHaveLength(2);
  });
});
