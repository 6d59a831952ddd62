import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, describe, expect, it } from 'vitest';
import { executeGraphql, startRedisServer } from '#libs/testing';
import { startSeparateProcesses } from './stories/deployments/separate-processes.js';

const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

const mutation = `mutation ($title: String!) { createTask(title: $title, boardId: "nest") { id title boardId } }`;
const subscription = 'subscription { onTaskCreated { title } }';

/** Mutations of the run, and those after which Redis is killed and started again. */
const total = 150;
const killAfter = 40;
const restartAfter = 70;

describe('Redis killed and started again with its append-only file', () => {
  it('should cost no connection, and deliver every mutation once and in order', { timeout: 120_000 }, async () => {
    const redis = started.adopt(await startRedisServer({ appendOnly: true }), (it) => it.stop());
    const deployment = started.adopt(
      await startSeparateProcesses({
        api: 'examples/boards',
        redisUrl: redis.url,
        env: { PUBLISH_ACK_TIMEOUT_MS: '200' },
      }),
      (it) => it.stop(),
    );
    const credentials = await deployment.credentialsOf(null);
    const url = deployment.graphqlUrls[0]!;

    let closed = 0;
    const received = deployment.realtimeUrls.map((realtimeUrl) => {
      const titles: string[] = [];
      const client = createClient({ url: realtimeUrl, connectionParams: credentials, retryAttempts: 0 });
      client.on('closed', () => (closed += 1));
      client.subscribe<{ onTaskCreated: { title: string } }>(
        { query: subscription },
        {
          next: ({ data }) => titles.push(data!.onTaskCreated.title),
          error: () => (closed += 1),
          complete: () => undefined,
        },
      );
      started.defer(() => client.dispose());
      return titles;
    });
    // graphql-transport-ws does not acknowledge a subscription: both have started when both have been told of something.
    for (let probe = 0; received.some((titles) => titles.length === 0); probe += 1) {
      await executeGraphql(url, credentials, mutation, { title: `probe ${probe}` });
      await sleep(50);
    }

    const acknowledged: string[] = [];
    const deferred: string[] = [];
    for (let number = 0; number < total; number += 1) {
      if (number === killAfter) await redis.kill('SIGKILL');
      if (number === restartAfter) await redis.restart();
      const title = `task ${number}`;
      const { extensions } = await executeGraphql(url, credentials, mutation, { title });
      const isDeferred = extensions?.starling?.publish === 'deferred';
      (isDeferred ? deferred : acknowledged).push(title);
      // A deferred mutation is answered at once: the log needs a moment to come back before the last of them.
      if (isDeferred) await sleep(50);
    }

    const last = `task ${total - 1}`;
    const deadline = Date.now() + 30_000;
    while (received.some((titles) => !titles.includes(last)) && Date.now() < deadline) await sleep(50);

    const all = Array.from({ length: total }, (_, number) => `task ${number}`);
    for (const titles of received) expect(titles.filter((title) => title.startsWith('task'))).toEqual(all);
    expect(acknowledged.length).toBeGreaterThan(total / 2);
    expect(deferred.length).toBeGreaterThan(0);
    expect(closed).toBe(0);
  });
});
