import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Program } from '#libs/testing';
import { startSeparateProcesses } from '../stories/deployments/separate-processes.js';
import type { SeparateProcesses } from '../stories/deployments/separate-processes.js';
import { startFaultyProxy } from './faulty-proxy.js';
import type { Fault } from './faulty-proxy.js';
import { buildTimeoutMs, findK6, runLoadTest } from './run-load-test.js';
import type { LoadRun } from './run-load-test.js';

/** Seconds over which a gateway closes its connections; the chart's 60 would only make the test longer. */
const drainSeconds = 2;

/** How long k6 may take, in milliseconds: the longest run is planned for half a minute. */
const runTimeoutMs = 90_000;

/** From the start of a rolling-restart to where its clients are connected and events are published, in milliseconds. */
const settledMs = 8_000;

/** Beyond what busy machines need: here it is whether the scripts work, not how fast the machine is. */
const patience = { P99_MS: '5000', GRACE: '20s', MATCH_PERCENT: '10' };

const started = new AsyncDisposableStack();
let k6: string;
let processes: SeparateProcesses;
let target: Record<string, string>;

beforeAll(async () => {
  k6 = await findK6();
  processes = started.adopt(
    await startSeparateProcesses({
      api: 'load-tests/api',
      redisUrl: inject('redisUrl'),
      env: { DRAIN_DELAY_MS: '0', DRAIN_SECONDS: String(drainSeconds) },
    }),
    (it) => it.stop(),
  );
  target = {
    ...patience,
    GRAPHQL_URL: processes.graphqlUrls.join(','),
    REALTIME_URL: processes.realtimeUrls.join(','),
    API_KEY: (await processes.credentialsOf(null))['x-api-key']!,
  };
}, buildTimeoutMs);

afterAll(() => started.disposeAsync());

const faultless = { lost: 0, repeated: 0, unordered: 0, missedWhileAway: 0, unacknowledged: 0 };

const load = (script: string, env: Record<string, string>): Promise<LoadRun> =>
  runLoadTest(k6, { script, env: { ...target, ...env } });

// They wait more than they work: side by side.
describe.concurrent('the load tests, of two apis and two gateways', { timeout: runTimeoutMs }, () => {
  it('should hold in a smoke test of both protocols, and in a short soak', async () => {
    const [smoke, soak] = await Promise.all([
      load('smoke', { DURATION: '5s' }),
      load('soak', { CONNECTIONS: '300', DURATION: '8s', PROTOCOL: 'appsync', SUBSCRIPTIONS_PER_CONNECTION: '2' }),
    ]);
    expect(smoke, smoke.said).toMatchObject({ status: 0, broken: [] });
    expect(smoke.summary).toMatchObject({ holds: true, closes: {}, counts: { ...faultless, subscriptions: 20 } });
    expect(soak, soak.said).toMatchObject({ status: 0, broken: [] });
    expect(soak.summary?.counts).toMatchObject({ ...faultless, subscriptions: 600, connections: 300 });
    // Each broadcast goes to every subscription.
    expect(soak.summary!.counts.deliveries).toBeGreaterThan(600 * 8);
  });

  it('should hold when a crowd comes and goes, when all clients come back at once, and when some do not read', async () => {
    const crowd = { SPIKE_CONNECTIONS: '60', SPIKE_RAMP: '1s', SPIKE_DURATION: '4s' };
    const [spike, storm, slow] = await Promise.all([
      load('spike', { CONNECTIONS: '40', DURATION: '8s', RATE: '10', ...crowd }),
      load('reconnect-storm', { CONNECTIONS: '100', DURATION: '8s', STORM_JITTER: '1s' }),
      load('slow-consumer', { CONNECTIONS: '40', DURATION: '10s', SLOW_CONNECTIONS: '2', SLOW_EVENT_BYTES: '200000' }),
    ]);
    expect(spike, spike.said).toMatchObject({ status: 0, broken: [] });
    expect(spike.summary?.counts).toMatchObject({ lost: 0, repeated: 0, unordered: 0, subscriptions: 100 });
    expect(storm, storm.said).toMatchObject({ status: 0, broken: [] });
    expect(storm.summary?.counts).toMatchObject({ lost: 0, repeated: 0, unordered: 0, returned: 100 });
    expect(slow, slow.said).toMatchObject({ status: 0, broken: [] });
    expect(slow.summary?.counts).toMatchObject({ ...faultless, slowReaders: 2, slowReadersClosed: 2 });
  });

  it.each<[string, object]>([
    ['no address', { GRAPHQL_URL: '', REALTIME_URL: '', says: 'GRAPHQL_URL is not known: set BASE_URL' }],
    ['a number that is none', { RATE: 'fast', says: 'RATE must be a number from 0.1 to 10000, not \\"fast\\".' }],
    [
      'an api that is not there',
      { GRAPHQL_URL: 'http://127.0.0.1:1/graphql', says: 'set BASE_URL or GRAPHQL_URL to a running api.' },
    ],
    [
      'a gateway that is not there',
      { REALTIME_URL: 'ws://127.0.0.1:1/graphql', says: 'set BASE_URL or REALTIME_URL to a running gateway' },
    ],
    ['a key of another API', { API_KEY: 'da2-another', says: 'refuses the credentials: set API_KEY' }],
    ['a file that is not there', { API_KEY: '', TOKENS_FILE: 'nothing.txt', says: "TOKENS_FILE can't be read" }],
  ])('should not begin with %s, and say what to set', async (_, given) => {
    const { says, ...env } = given as Record<string, string>;
    const { status, said, summary } = await load('smoke', env);
    expect(said).toContain(says);
    expect(summary).toBeUndefined();
    expect(status).toBe(108);
  });
});

describe.concurrent('the load tests, when an event is not delivered as it should be', { timeout: runTimeoutMs }, () => {
  it.each<[Fault, string, object]>([
    ['drop', 'events_lost', { lost: 1, repeated: 0, unordered: 0 }],
    ['repeat', 'events_repeated', { lost: 0, repeated: 1, unordered: 0 }],
    ['swap', 'events_unordered', { lost: 0, repeated: 0, unordered: 1 }],
  ])('should fail: %s', async (fault, metric, counts) => {
    const proxy = await startFaultyProxy(processes.realtimeUrls[0]!, fault);
    try {
      // One board, so that every delivery is of the same sequence.
      const run = await load('smoke', {
        REALTIME_URL: proxy.url,
        CONNECTIONS: '4',
        MATCH_PERCENT: '100',
        BROADCAST_RATE: '0',
        DURATION: '3s',
      });
      expect(proxy.faults()).toBe(1);
      expect(run, run.said).toMatchObject({ status: 99, broken: [metric] });
      expect(run.summary?.counts).toMatchObject(counts);
    } finally {
      await proxy.stop();
    }
  });
});

describe.concurrent('the load tests, while gateways stop', { timeout: runTimeoutMs }, () => {
  interface Gateway {
    readonly url: string;
    readonly program: Program;
  }

  const gateways: Gateway[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 3; count++) {
      gateways.push({ url: await processes.addGateway(), program: processes.programs.at(-1)! });
    }
  });

  /** Stops a gateway while a rolling-restart runs, once its clients are there. */
  function runWhileStopping({ url, program }: Gateway, signal: NodeJS.Signals, env = {}): Promise<LoadRun> {
    return runLoadTest(k6, {
      script: 'rolling-restart',
      env: {
        ...target,
        REALTIME_URL: `${processes.realtimeUrls[0]},${url}`,
        PROTOCOL: 'graphql-transport-ws,appsync',
        CONNECTIONS: '60',
        DURATION: '14s',
        DRAIN_SECONDS: String(drainSeconds),
        GATEWAYS: '1',
        RECONNECT_WITHIN: '2s',
        ...env,
      },
      when: { says: 'Restart the gateways', then: () => void sleep(settledMs).then(() => program.stop(signal)) },
    });
  }

  it('should hold when a gateway drains', async () => {
    const run = await runWhileStopping(gateways[0]!, 'SIGTERM');
    expect(run, run.said).toMatchObject({ status: 0, broken: [] });
    expect(run.summary?.closes).toEqual({ 1001: 15, 1012: 15 });
    expect(run.summary?.counts).toMatchObject({ lost: 0, repeated: 0, unordered: 0, returned: 30 });
  });

  it('should fail when a gateway is killed', async () => {
    const run = await runWhileStopping(gateways[1]!, 'SIGKILL');
    expect(run, run.said).toMatchObject({ status: 99, broken: ['closes{code:1006}'] });
    expect(run.summary).toMatchObject({ closes: { 1006: 30 }, counts: { lost: 0, repeated: 0, unordered: 0 } });
  });

  it('should hold when a gateway is killed and that is allowed', async () => {
    const run = await runWhileStopping(gateways[2]!, 'SIGKILL', { ALLOW_ABRUPT: 'true' });
    expect(run, run.said).toMatchObject({ status: 0, broken: [] });
    expect(run.summary?.counts).toMatchObject({ lost: 0, repeated: 0, unordered: 0, returned: 30 });
  });
});
