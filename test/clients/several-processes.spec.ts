import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRedisServer } from '#libs/testing';
import { clients } from './clients.js';
import type { ClientKind } from './clients.js';
import { connectClient } from './deployments/deployment.js';
import { startBehindIngress } from './deployments/separate-processes.js';
import type { BehindIngress } from './deployments/separate-processes.js';
import { probeTitle } from './story-client.js';
import type { StoryClient, StorySubscription } from './story-client.js';

const operation = (name: string): Promise<string> => readFile(`examples/tasks/operations/${name}.graphql`, 'utf8');

const createTask = `mutation ($title: String!) {
  createTask(title: $title, priority: high, classification: 8, department: "engineering") {
    id title priority classification department
  }
}`;

/** Amplify connects anew five seconds after a disruption, and a little later on a busy machine. */
const untilAmplifyIsBackMs = 7_000;

/** Seconds; above what six clients need to subscribe on a busy machine. */
const shortLived = 25;

const started = new AsyncDisposableStack();
const running: StoryClient[] = [];
let deployment: BehindIngress;

beforeAll(async () => {
  // A Redis of its own: the events and invalidations of others' tasks would be seen here.
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const drain = { DRAIN_DELAY_MS: '200', DRAIN_SECONDS: '3' };
  deployment = started.adopt(await startBehindIngress('examples/tasks', redis.url, drain), (it) => it.stop());
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.stop()));
});
afterAll(() => started.disposeAsync());

async function connect(kind: ClientKind, user: string, expiresInS?: number): Promise<StoryClient> {
  const client = await connectClient(deployment, kind, user, expiresInS);
  running.push(client);
  return client;
}

interface Follower {
  readonly kind: ClientKind;
  readonly client: StoryClient;
  readonly subscription: StorySubscription;
}

/** A client of each kind for a user, subscribed. */
async function subscribeAll(user: string, manager: StoryClient, expiresInS?: number): Promise<Follower[]> {
  const document = await operation('subscribe');
  return Promise.all(
    clients.map(async (kind) => {
      const client = await connect(kind, user, expiresInS);
      const probe = (): Promise<unknown> => manager.mutate(createTask, { title: probeTitle });
      return { kind, client, subscription: await client.subscribe({ document, probe }) };
    }),
  );
}

describe('all clients on two apis and two gateways behind one origin', { timeout: 120_000 }, () => {
  it('should be told when jdoe is cut off, each in its words, and stay away until asked', async () => {
    const manager = await connect(clients[0]!, 'janed');
    const jdoes = await subscribeAll('jdoe', manager);
    const others = await subscribeAll('janed', manager);
    await manager.mutate(createTask, { title: 'before' });
    for (const { subscription } of [...jdoes, ...others]) {
      expect(await subscription.next()).toMatchObject({ title: 'before' });
    }

    await manager.mutate(await operation('unsubscribe-jdoe'));
    const endings = await Promise.all(jdoes.map(({ subscription }) => subscription.ended()));
    expect(Object.fromEntries(jdoes.map(({ kind }, index) => [kind.name, endings[index]]))).toEqual(
      Object.fromEntries(clients.map(({ name, toldOfInvalidation }) => [name, toldOfInvalidation])),
    );

    await sleep(untilAmplifyIsBackMs);
    for (const { kind, client } of others) await client.mutate(createTask, { title: `after, by ${kind.name}` });
    for (const { subscription } of others) {
      for (const { name } of clients) expect(await subscription.next()).toMatchObject({ title: `after, by ${name}` });
      expect(subscription.hasEnded()).toBe(false);
    }
    for (const { kind, subscription } of jdoes) {
      expect([kind.name, subscription.all().map(({ title }) => title)]).toEqual([kind.name, ['before']]);
    }

    // The invalidation does not stick: who asks again is let in.
    const document = await operation('subscribe');
    const probe = (): Promise<unknown> => manager.mutate(createTask, { title: probeTitle });
    await Promise.all(jdoes.map(({ client }) => client.subscribe({ document, probe })));
  });

  it("should see the end of a token as its protocol's default has it", async () => {
    const manager = await connect(clients[0]!, 'janed');
    const followers = await subscribeAll('jdoe', manager, shortLived);
    const of = (protocol: ClientKind['protocol']): Follower[] =>
      followers.filter(({ kind }) => kind.protocol === protocol);
    for (const { subscription } of of('graphql-transport-ws')) {
      expect(await subscription.ended(2 * shortLived * 1000)).toEqual({
        how: 'error',
        message: expect.stringContaining('4401 Token has expired') as string,
      });
    }
    for (const { subscription } of of('graphql-ws')) {
      await subscription.live();
      expect(subscription.hasEnded()).toBe(false);
    }
  });

  it('should be back after an update of the gateways, or tell the application that they are not', async () => {
    const manager = await connect(clients[0]!, 'janed');
    const followers = await subscribeAll('jdoe', manager);
    const titles: string[] = [];
    const create = async (title: string): Promise<void> => {
      titles.push(title);
      await manager.mutate(createTask, { title });
    };
    await create('before');
    let isUpdated = false;
    const updated = deployment.updateGateways().finally(() => (isUpdated = true));
    while (!isUpdated) await create(`during, ${titles.length}`);
    await updated;
    await Promise.all(
      followers.map(async ({ kind, subscription }) => {
        if (kind.comesBack) await subscription.live();
        else expect(await subscription.ended()).toEqual({ how: 'error', message: 'Connection closed' });
        expect([kind.name, subscription.hasEnded()]).toEqual([kind.name, !kind.comesBack]);
      }),
    );
    await create('after');
    for (const { kind, subscription } of followers) {
      const received = (): unknown[] => subscription.all().map(({ title }) => title);
      if (kind.comesBack) await expect.poll(received, { timeout: 10_000 }).toContain('after');
      const all = received();
      // In order and none twice. What is missing fell between two connections, or after the only one: one stretch, not several.
      expect([kind.name, all]).toEqual([kind.name, titles.filter((title) => all.includes(title))]);
      const missing = titles.filter((title) => !all.includes(title));
      const first = titles.indexOf(missing[0] ?? '');
      expect([kind.name, missing]).toEqual([
        kind.name,
        missing.length ? titles.slice(first, first + missing.length) : [],
      ]);
    }
  });
});
