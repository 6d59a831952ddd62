import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { publishAtPace } from './load/publishing.js';
import { makeTask } from './load/task.js';
import { leaveServerCore } from './measure/cores.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median, percentile } from './measure/statistics.js';
import type { BenchServer } from './servers/bench-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * One reader in twenty stops reading, under a broadcast of large events, so that what waits for it passes any buffer in seconds. It
 * must be cut at its byte budget, and nobody else's deliveries may take longer for it. Each round compares its two halves.
 */
const stoppedShare = 0.05;
const perSecond = 160;
const rounds = { quick: 1, whole: 5 };

/**
 * Half a round must be long enough for the kernel's buffers, 4 MB and more for a socket, and the budget behind them; and have so many
 * events that one in a hundred is more than a hiccup.
 */
const sizes = {
  quick: { connections: 100, taskBytes: 16 * 1_024, seconds: 3 },
  whole: { connections: 200, taskBytes: 8 * 1_024, seconds: 8 },
};

const maxLatencyTimes = 1.1;

/** The most that is held for those who stopped, in megabytes each: the budget of 1 MiB and one more event. */
const maxHeldMegabytes = 1.5;

interface Result {
  readonly beforeMs: number;
  readonly duringMs: number;
  readonly cut: number;
  readonly heldBytes: number;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const size = isQuick ? sizes.quick : sizes.whole;
  const count = isQuick ? rounds.quick : rounds.whole;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const server = started.adopt(await startGatewayServer({ redisUrl: redis.url, profileFolder }), (it) => it.stop());
  const results: Result[] = [];
  for (let round = 0; round < count; round += 1) results.push(await measureRound(server, size));

  const stopped = stoppedOf(size.connections);
  const of = (member: keyof Result) => median(results.map((one) => one[member]));
  const name = `${stopped} of ${size.connections} readers stop`;
  return [
    row({ name: `${name}: p99 of the others, before`, figure: of('beforeMs'), unit: 'ms, p99' }),
    row({
      name: `${name}: p99 of the others`,
      figure: of('duringMs'),
      unit: 'ms, p99',
      peerFigure: of('beforeMs'),
      target: { atMost: maxLatencyTimes, timesPeer: 'before' },
    }),
    row({ name: `${name}: cut`, figure: of('cut'), unit: 'connections', target: { atLeast: stopped } }),
    row({
      name: `${name}: memory`,
      figure: of('heldBytes') / stopped / 2 ** 20,
      unit: 'MB RSS more, for each',
      target: { atMost: maxHeldMegabytes },
    }),
  ];
}

function stoppedOf(connections: number): number {
  return Math.ceil(connections * stoppedShare);
}

type Size = (typeof sizes)['quick'];

async function measureRound(server: BenchServer, { connections, taskBytes, seconds }: Size): Promise<Result> {
  const load = new Load(server.target);
  const opened = await load.open(connections);
  const publish = () =>
    publishAtPace(server, { perSecond, seconds, task: () => makeTask(undefined, taskBytes) }).then(() => sleep(200));
  // The first second fills pools and the log's reader; and what a look at the memory has emptied, as it collects all garbage.
  const warmUp = () => publishAtPace(server, { perSecond, seconds: 1, task: () => makeTask(undefined, taskBytes) });
  await warmUp();
  const before = await load.latenciesDuring(publish);
  const { rssBytes } = await server.memory();
  const cutsBefore = await cutsOf(server);

  for (const connection of opened.slice(0, stoppedOf(connections))) connection.pause();
  await warmUp();
  const during = await load.latenciesDuring(publish);
  const heldBytes = Math.max(0, (await server.memory()).rssBytes - rssBytes);
  // Those who stopped reading do not see that they were cut.
  const cut = (await cutsOf(server)) - cutsBefore;
  await load.close(server.pid);
  return { beforeMs: percentile(before, 0.99), duringMs: percentile(during, 0.99), cut, heldBytes };
}

/** A counter that is not there yet has counted nothing. */
async function cutsOf(server: BenchServer): Promise<number> {
  return (await server.metric('starling_gateway_connection_closes_total')) ?? 0;
}
