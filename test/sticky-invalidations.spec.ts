import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { AppSyncClient, executeGraphql, GraphqlTransportWsClient, startRedisServer } from '#libs/testing';
import type { Program, TestMessage, TestSocket } from '#libs/testing';
import { startSeparateProcesses } from './stories/deployments/separate-processes.js';

const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

const field = 'onHightPriorityEngineeringTaskCreated';
const subscription = `subscription { ${field} { id title classification } }`;

type Credentials = Readonly<Record<string, string>>;

/** The tasks example with an invalidation that lasts five minutes. */
async function tasksWithSticky(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-sticky-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  await cp('examples/tasks', folder, { recursive: true });
  const template = path.join(folder, 'resolvers/Mutation.unsubscribe.response.vtl');
  const text = await readFile(template, 'utf8');
  await writeFile(template, text.replace('"payload"', '"sticky": 300, "payload"'));
  return folder;
}

/** Connections that have started the subscription, one of each protocol. */
async function subscribe(url: string, credentials: Credentials): Promise<readonly TestSocket[]> {
  const authorization = { host: new URL(url).host, ...credentials };
  const appSync = started.adopt(await AppSyncClient.connect({ url, authorization }), (it) => it.terminate());
  await appSync.init();
  appSync.start('s1', subscription, {}, authorization);
  const standard = started.adopt(await GraphqlTransportWsClient.connect({ url }), (it) => it.terminate());
  await standard.init(credentials);
  standard.start('s1', subscription);
  return [appSync, standard];
}

const refusals = (sockets: readonly TestSocket[]): Promise<readonly TestMessage[]> =>
  Promise.all(sockets.map((socket) => socket.waitForMessage(({ id, type }) => id === 's1' && type === 'error')));

const refused = expect.objectContaining({
  errorType: 'SubscriptionInvalidated',
  message: expect.stringMatching(/^Subscription invalidated; it is refused for the next \d+ s\.$/) as string,
}) as unknown;

const audits = (program: Program): readonly Record<string, unknown>[] =>
  program
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"audit":true'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a sticky invalidation in a deployment of several gateways', () => {
  it(
    'should hold on each of them, on one that starts later, and over a restart of Redis',
    { timeout: 120_000 },
    async () => {
      const redis = started.adopt(await startRedisServer({ appendOnly: true }), (it) => it.stop());
      const deployment = started.adopt(
        await startSeparateProcesses({
          api: await tasksWithSticky(),
          redisUrl: redis.url,
        }),
        (it) => it.stop(),
      );
      const [jdoe, janed] = [await deployment.credentialsOf('jdoe'), await deployment.credentialsOf('janed')];
      const expectRefused = async (url: string): Promise<void> => {
        const [appSync, standard] = await refusals(await subscribe(url, jdoe));
        expect(appSync!.payload).toEqual({ errors: [refused] });
        expect(standard!.payload).toEqual([refused]);
      };
      const mutate = (text: string): Promise<unknown> =>
        executeGraphql(deployment.graphqlUrls[0]!, janed, `mutation { ${text} }`, {});
      const createTask = (title: string): Promise<unknown> =>
        mutate(
          `createTask(title: "${title}", priority: high, department: "engineering", classification: 8) { id title priority department classification }`,
        );

      const live = (await Promise.all(deployment.realtimeUrls.map((url) => subscribe(url, jdoe)))).flat();
      // graphql-transport-ws does not acknowledge a subscription: it has started when something comes.
      await vi.waitFor(
        async () => {
          await createTask('Before');
          for (const { received } of live)
            expect(received.map(({ type }) => type)).toContainEqual(expect.stringMatching(/^(data|next)$/));
        },
        { timeout: 20_000, interval: 100 },
      );

      await mutate('unsubscribe(email: "jdoe@myemail.com") { email }');
      for (const socket of live) expect(await socket.waitForClose()).toMatchObject({ code: 1000 });
      for (const url of deployment.realtimeUrls) await expectRefused(url);
      const [manager] = await subscribe(deployment.realtimeUrls[0]!, janed);
      await manager!.waitForMessage(({ type }) => type === 'start_ack');

      // Long after retention has removed the entry.
      for (let i = 0; i < 3; i += 1) await createTask(`After ${i}`);
      await expectRefused(await deployment.addGateway());

      await redis.kill('SIGKILL');
      await redis.restart();
      await expectRefused(await deployment.addGateway());

      const [asked] = deployment.programs.flatMap(audits).filter(({ resolver }) => resolver === 'Mutation.unsubscribe');
      expect(asked).toMatchObject({ username: 'janed', sticky: 300, payloadKeys: ['email'], publish: 'appended' });
      const applied = deployment.programs.flatMap(audits).filter(({ ended }) => ended !== undefined);
      expect(applied.map(({ requestId, ended }) => [requestId, ended])).toEqual([
        [asked!.requestId, 2],
        [asked!.requestId, 2],
      ]);
      for (const program of deployment.programs) expect(program.stdout()).not.toContain('jdoe@myemail.com');
    },
  );
});
