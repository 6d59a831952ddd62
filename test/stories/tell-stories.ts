import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { executeGraphql } from '#libs/testing';
import type { Deployment } from './deployments/deployment.js';
import { probeTitle, protocols } from './subscriber.js';
import type { Protocol, Subscriber } from './subscriber.js';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const operation = (file: string): Promise<string> => readFile(path.join(examples, file), 'utf8');

/** `query` and fields of a task of the second article. */
const createTask = `mutation ($title: String!, $priority: Priority!, $classification: Int!, $department: String!) {
  createTask(title: $title, priority: $priority, classification: $classification, department: $department) {
    id title priority classification department
  }
}`;
const high = { priority: 'high', classification: 8, department: 'engineering' };

const timeout = 60_000;

/**
 * The stories of the articles that Starling makes come true, for one way to deploy it, in each protocol: every way in is
 * used to mutate, and somebody subscribes at every way to subscribe.
 */
export function tellStories(deploy: (api: string) => Promise<Deployment>): void {
  const started: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  });

  async function start(api: string): Promise<Deployment> {
    const deployment = await deploy(api);
    started.push(() => deployment.stop());
    return deployment;
  }

  /** Subscribes a user at every realtime URL. */
  async function subscribe(
    deployment: Deployment,
    protocol: Protocol,
    user: string | null,
    options: SubscribeOptions,
  ): Promise<Subscriber[]> {
    const credentials = await deployment.credentialsOf(user);
    return Promise.all(
      deployment.realtimeUrls.map(async (url) => {
        const subscriber = await protocol.subscribe({ url, credentials, ...options });
        started.push(() => subscriber.close().catch(() => undefined));
        return subscriber;
      }),
    );
  }

  describe.each(protocols)('over $name', (protocol) => {
    it('should tell jdoe of high priority engineering tasks and of nothing else', { timeout }, async () => {
      const deployment = await start('examples/tasks');
      const manager = await deployment.credentialsOf('janed');
      const create = (title: string, task: typeof high, at = 0): Promise<unknown> =>
        executeGraphql(deployment.graphqlUrls[at]!, manager, createTask, { title, ...task });
      const query = await operation('tasks/operations/subscribe.graphql');
      const subscribers = await subscribe(deployment, protocol, 'jdoe', {
        query,
        probe: () => create(probeTitle, high),
      });

      for (const file of ['create-low-priority-task', 'create-high-priority-task']) {
        await executeGraphql(deployment.graphqlUrls[0]!, manager, await operation(`tasks/operations/${file}.graphql`));
      }
      for (const subscriber of subscribers) {
        expect(await subscriber.next()).toEqual({
          id: expect.any(String) as string,
          title: 'High Priority Task',
          description: 'High Priority Task',
          owner: 'janed',
          taskStatus: 'WIP',
          priority: 'high',
          department: 'engineering',
          classification: 8,
        });
      }

      // One rule broken at a time, and at last one that keeps all, through every way in.
      for (const at of deployment.graphqlUrls.keys()) {
        await create('not high', { ...high, priority: 'highest' }, at);
        await create('not 7', { ...high, classification: 6 }, at);
        await create('not engineering', { ...high, department: 'HR' }, at);
        await create(`fits ${at}`, { ...high, classification: 7 }, at);
        for (const subscriber of subscribers) expect(await subscriber.next()).toMatchObject({ title: `fits ${at}` });
      }
      for (const subscriber of subscribers) expect(subscriber.all()).toHaveLength(1 + deployment.graphqlUrls.length);
    });

    it('should end every subscription of jdoe when janed says so, and no other', { timeout }, async () => {
      const deployment = await start('examples/tasks');
      const manager = await deployment.credentialsOf('janed');
      const create = (title: string, at = 0): Promise<unknown> =>
        executeGraphql(deployment.graphqlUrls[at]!, manager, createTask, { title, ...high });
      const options = { query: await operation('tasks/operations/subscribe.graphql'), probe: () => create(probeTitle) };
      const jdoes = [
        ...(await subscribe(deployment, protocol, 'jdoe', options)),
        ...(await subscribe(deployment, protocol, 'jdoe', options)),
      ];
      const others = await subscribe(deployment, protocol, 'janed', options);
      expect(jdoes.length).toBeGreaterThanOrEqual(2);

      await create('before');
      for (const subscriber of [...jdoes, ...others])
        expect(await subscriber.next()).toMatchObject({ title: 'before' });

      await executeGraphql(
        deployment.graphqlUrls.at(-1)!,
        manager,
        await operation('tasks/operations/unsubscribe-jdoe.graphql'),
      );
      for (const at of deployment.graphqlUrls.keys()) await create(`after ${at}`, at);
      for (const subscriber of others) {
        for (const at of deployment.graphqlUrls.keys())
          expect(await subscriber.next()).toMatchObject({ title: `after ${at}` });
      }
      for (const subscriber of jdoes) {
        expect(await subscriber.ended()).toEqual(protocol.endings);
        expect(subscriber.all().map(({ title }) => title)).toEqual(['before']);
      }
    });

    it('should let a client choose its own filter', { timeout }, async () => {
      const deployment = await start('examples/tasks-client-filter');
      const manager = await deployment.credentialsOf('janed');
      const create = (title: string, classification: number): Promise<unknown> =>
        executeGraphql(deployment.graphqlUrls.at(-1)!, manager, createTask, { title, ...high, classification });
      const query = `subscription ($filter: String) { onHightPriorityEngineeringTaskCreated(filter: $filter) { title classification } }`;
      const probe = (): Promise<unknown> => create(probeTitle, 0);
      // As an object, and as the article's client sends it, in a list.
      const asObject = await subscribe(deployment, protocol, 'jdoe', {
        query,
        probe,
        variables: { filter: '{"classification":{"le":2}}' },
      });
      const asList = await subscribe(deployment, protocol, 'jdoe', {
        query,
        probe,
        variables: { filter: '[{"classification":{"le":2}}]' },
      });
      for (const [title, classification] of [
        ['three', 3],
        ['two', 2],
        ['one', 1],
      ] as const)
        await create(title, classification);
      for (const subscriber of [...asObject, ...asList]) {
        expect(await subscriber.next()).toEqual({ title: 'two', classification: 2 });
        expect(await subscriber.next()).toEqual({ title: 'one', classification: 1 });
        expect(subscriber.all()).toHaveLength(2);
      }
    });

    it("should tell subscribers of a board of that board's tasks", { timeout }, async () => {
      const deployment = await start('examples/boards');
      const key = await deployment.credentialsOf(null);
      const create = (title: string, boardId: string, at = 0): Promise<unknown> =>
        executeGraphql(
          deployment.graphqlUrls[at]!,
          key,
          'mutation ($title: String!, $boardId: String!) { createTask(title: $title, boardId: $boardId) { id title boardId } }',
          { title, boardId },
        );
      const query = 'subscription ($boardId: String) { onTaskCreated(boardId: $boardId) { title boardId } }';
      const all = await subscribe(deployment, protocol, null, {
        query: 'subscription { onTaskCreated { title boardId } }',
        probe: () => create(probeTitle, 'any'),
      });
      const nest = await subscribe(deployment, protocol, null, {
        query,
        variables: { boardId: 'nest' },
        probe: () => create(probeTitle, 'nest'),
      });

      for (const at of deployment.graphqlUrls.keys()) {
        await create(`Gather ${at}`, 'flock', at);
        await create(`Build ${at}`, 'nest', at);
        for (const subscriber of nest)
          expect(await subscriber.next()).toEqual({ title: `Build ${at}`, boardId: 'nest' });
        for (const subscriber of all) {
          expect(await subscriber.next()).toEqual({ title: `Gather ${at}`, boardId: 'flock' });
          expect(await subscriber.next()).toEqual({ title: `Build ${at}`, boardId: 'nest' });
        }
      }
      for (const subscriber of nest) expect(subscriber.all()).toHaveLength(deployment.graphqlUrls.length);

      const { data } = await executeGraphql(
        deployment.graphqlUrls.at(-1)!,
        key,
        await operation('boards/operations/get-tasks.graphql'),
      );
      const titles = (data!.getTasks as { title: string }[])
        .map(({ title }) => title)
        .filter((title) => title !== probeTitle);
      expect(new Set(titles)).toEqual(
        new Set(deployment.graphqlUrls.flatMap((_, at) => [`Gather ${at}`, `Build ${at}`])),
      );
    });
  });
}

interface SubscribeOptions {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly probe: () => Promise<unknown>;
}
