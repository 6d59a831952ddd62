import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { startFakeStarling } from './fake-starling.js';
import type { FakeStarlingOptions } from './fake-starling.js';
import { buildTimeoutMs, findK6, runLoadTest } from './run-load-test.js';
import type { LoadRun } from './run-load-test.js';

/** How long k6 may take, in milliseconds: a run is planned for less than half a minute. */
const runTimeoutMs = 90_000;

/** One board, so that every delivery is of the same sequence. */
const small = {
  CONNECTIONS: '4',
  MATCH_PERCENT: '100',
  BROADCAST_RATE: '0',
  PROTOCOL: 'appsync',
  DURATION: '2s',
  SETTLE: '1s',
  GRACE: '5s',
  RECONNECT_WITHIN: '1s',
  P99_MS: '5000',
};

let k6: string;

beforeAll(async () => {
  k6 = await findK6();
}, buildTimeoutMs);

/** Runs a script against a server that does something wrong. */
async function load(server: FakeStarlingOptions, env: Record<string, string> = {}, script = 'smoke'): Promise<LoadRun> {
  const starling = await startFakeStarling(server);
  try {
    return await runLoadTest(k6, { script, env: { ...small, BASE_URL: starling.url, API_KEY: 'da2-any', ...env } });
  } finally {
    await starling.stop();
  }
}

// They wait more than they work: side by side.
describe.concurrent('the load tests, of a server that does something wrong', { timeout: runTimeoutMs }, () => {
  it('should hold when it does nothing wrong', async () => {
    const run = await load({}, { PROTOCOL: 'appsync,graphql-transport-ws' });
    expect(run, run.said).toMatchObject({ status: 0, broken: [] });
  });

  it('should fail when the very last event of a board is not delivered', async () => {
    const run = await load({ deliver: ({ remaining }, send) => remaining !== 0 && send() });
    expect(run, run.said).toMatchObject({ status: 99, broken: ['events_lost'] });
    expect(run.summary?.counts).toMatchObject({ lost: 4 });
  });

  it('should fail when the very last event of a board comes again a second later', async () => {
    const run = await load({
      deliver({ remaining }, send) {
        send();
        if (remaining === 0) void sleep(1_000).then(send);
      },
    });
    expect(run, run.said).toMatchObject({ status: 99, broken: ['events_repeated'] });
    expect(run.summary?.counts).toMatchObject({ repeated: 4 });
  });

  it('should say that a board has no end when its very last event is never acknowledged', async () => {
    const run = await load(
      { publish: ({ remaining }) => (remaining === 0 ? 'failed' : 'appended') },
      { ALLOW_ABRUPT: 'true' },
      'rolling-restart',
    );
    expect(run.broken, run.said).toContain('boards_unfinished');
  });

  it('should fail when what was deferred never comes, and say how much', async () => {
    const isDeferred = ({ sequence }: { readonly sequence: number }): boolean => sequence === 2 || sequence === 3;
    const run = await load(
      {
        publish: (task) => (isDeferred(task) ? 'deferred' : 'appended'),
        deliver: (task, send) => !isDeferred(task) && send(),
      },
      // Enough that two are less than one in twenty: those that are deferred do not count as published.
      { RATE: '40' },
    );
    expect(run, run.said).toMatchObject({ status: 99, broken: ['events_deferred_missing'] });
    expect(run.summary?.counts).toMatchObject({ deferred: 2, deferredMissing: 8, lost: 0 });
  });

  it('should wait for what was deferred, which may come after the very last', async () => {
    const run = await load(
      {
        publish: ({ sequence }) => (sequence === 2 ? 'deferred' : 'appended'),
        deliver: ({ sequence }, send) => void (sequence === 2 ? sleep(6_000).then(send) : send()),
      },
      { RATE: '20', P99_MS: '60000' },
    );
    expect(run, run.said).toMatchObject({ status: 0, broken: [] });
    expect(run.summary?.counts).toMatchObject({ deferred: 1, deferredMissing: 0, unordered: 0 });
  });

  it('should fail when a tenth of the mutations are not acknowledged, however many boards there are to end', async () => {
    const run = await load(
      { publish: ({ remaining, sequence }) => (remaining === undefined && sequence === 2 ? 'failed' : 'appended') },
      { MATCH_PERCENT: '10' },
    );
    expect(run.broken, run.said).toContain('events_published');
  });

  it('should count frames that make no sense, and read on', async () => {
    const run = await load({
      onSubscribed(socket) {
        socket.send('{"type":"data","id":"7","payload":{"data":{}}}');
        socket.send('no JSON');
        socket.send('null');
        socket.send(Buffer.from([1]));
      },
    });
    expect(run, run.said).toMatchObject({ status: 99, broken: ['subscription_errors'] });
    expect(run.said).toContain('no JSON');
    expect(run.summary?.counts).toMatchObject({ subscriptions: 4, lost: 0 });
  });

  it('should come back when it pings and closes at once', async () => {
    const closed = new Set<WebSocket>();
    const run = await load(
      {
        onSubscribed(socket) {
          if (closed.size === 4) return;
          closed.add(socket);
          socket.send('{"type":"ping"}');
          socket.close(1012);
        },
      },
      { PROTOCOL: 'graphql-transport-ws', SETTLE: '3s' },
    );
    expect(run, run.said).toMatchObject({ status: 99, broken: ['closes'] });
    expect(run.summary).toMatchObject({ closes: { 1012: 4 }, counts: { subscriptions: 4, returned: 4, lost: 0 } });
  });

  it('should fail when clients that do not read are not closed', async () => {
    const run = await load({}, { SLOW_CONNECTIONS: '2', DURATION: '4s' }, 'slow-consumer');
    expect(run, run.said).toMatchObject({ status: 99, broken: ['slow_readers_closed'] });
  });
});
