import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { executeGraphql, freePorts, GraphqlTransportWsClient, startProgram, startRedisServer } from '#libs/testing';
import type { Program, RedisServer } from '#libs/testing';

const apiKey = 'da2-reload';

const settings = `
name: reload
authenticationType: API_KEY
apiKeys: [{ id: default, key: ${apiKey} }]
`;

const schemaOf = (task: string): string => `
type Task { ${task} }
type Query { getTask: Task }
type Mutation { createTask: Task }
type Subscription { onTaskCreated: Task @aws_subscribe(mutations: ["createTask"]) }
`;

let redis: RedisServer;
beforeAll(async () => (redis = await startRedisServer()));
afterAll(() => redis.stop());

/** A process of the API in a folder, which it looks at ten times a second. */
async function start(app: 'api' | 'gateway', folder: string): Promise<{ program: Program; port: number }> {
  const [port, metricsPort] = (await freePorts(2)) as [number, number];
  const program = await startProgram({
    script: `dist/apps/${app}/src/main.js`,
    env: {
      STARLING_API: folder,
      STARLING_API_RELOAD_MS: '100',
      REDIS_URL: redis.url,
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metricsPort),
    },
    readyText: 'is listening',
  });
  onTestFinished(async () => void (await program.stop('SIGKILL')));
  return { program, port };
}

it('should serve a changed definition in processes that run, and go on with the former while the new one is bad', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-reload-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const define = (task: string): Promise<void> => writeFile(path.join(folder, 'schema.graphql'), schemaOf(task));
  await writeFile(path.join(folder, 'starling.yaml'), settings);
  await define('id: ID! title: String status: String');
  const [api, gateway] = await Promise.all([start('api', folder), start('gateway', folder)]);

  const typeOfTask = async (): Promise<string> => {
    const query = '{ __type(name: "Task") { fields { name } } }';
    const answer = await executeGraphql(`http://127.0.0.1:${api.port}/graphql`, { 'x-api-key': apiKey }, query);
    return JSON.stringify(answer);
  };
  const client = await GraphqlTransportWsClient.connect({ url: `ws://127.0.0.1:${gateway.port}/graphql/realtime` });
  onTestFinished(() => client.terminate());
  await client.init({ 'x-api-key': apiKey });
  client.start('status', 'subscription { onTaskCreated { id status } }');
  client.start('title', 'subscription { onTaskCreated { id title } }');
  client.send({ type: 'ping' });
  await client.waitForMessage(({ type }) => type === 'pong');

  await define('id: ID! title: String colour: Nothing');
  for (const { program } of [api, gateway]) await program.waitForOutput('the former one is served on');
  expect(api.program.stdout()).toContain('Nothing');
  expect(await typeOfTask()).toContain('"status"');

  await define('id: ID! title: String colour: String');
  const end = await client.waitForMessage(({ id, type }) => id === 'status' && type === 'error');
  expect(JSON.stringify(end)).toContain('Task.status');
  await vi.waitFor(async () => expect(await typeOfTask()).toContain('"colour"'), { timeout: 10_000 });

  // SIGHUP does not end a process, and loads what nobody has changed as well.
  process.kill(api.program.pid, 'SIGHUP');
  const served = /loaded anew and is served/g;
  await vi.waitFor(() => expect(api.program.stdout().match(served)).toHaveLength(2), { timeout: 10_000 });
  expect(client.received.filter(({ id }) => id === 'title')).toEqual([]);
});
