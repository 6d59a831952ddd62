import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { publishAtPace, publishKeepingWaiting } from './load/publishing.js';
import { makeTask } from './load/task.js';
import { leaveServerCore } from './measure/cores.js';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median, percentile } from './measure/statistics.js';
import type { BenchServer } from './servers/bench-server.js';
import { startRawWs, startStock } from './servers/peer-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * Every connection has a board of its own, and each event is for one board: what an event costs is to find the one connection that
 * wants it. Raw ws looks it up in a Map, which is what it would cost if filters were only names. What an event costs is measured with
 * some waiting at any time, and how long it takes at a pace.
 */
const waiting = 16;
const perSecond = 500;
const rounds = 3;
const sizes = { quick: { many: 5_000, few: 1_000, seconds: 0.6 }, whole: { many: 15_000, few: 1_000, seconds: 3 } };

const timesRawWs = 3;
const timesFew = 1.5;
const maxLatencyMs = 10;

interface Result {
  readonly cpuUs: number;
  readonly p99Ms: number;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const { many, few, seconds } = isQuick ? sizes.quick : sizes.whole;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const startOurs = () => startGatewayServer({ redisUrl: redis.url, profileFolder });

  const rawWs = await measureServer(await startRawWs(redis.url), { connections: many, seconds, isPaced: true });
  const ours = await measureServer(await startOurs(), { connections: many, seconds, isPaced: true });
  const oursWithFew = await measureServer(await startOurs(), { connections: few, seconds, isPaced: false });

  const name = `selective, ${many} boards`;
  const unit = 'µs CPU per event';
  const rows = [
    row({ name: `${name}: raw ws`, figure: rawWs.cpuUs, unit }),
    row({
      name: `${name}: starling`,
      figure: ours.cpuUs,
      unit,
      peerFigure: rawWs.cpuUs,
      target: { atMost: timesRawWs, timesPeer: 'raw ws' },
    }),
    row({ name: `selective, ${few} boards: starling`, figure: oursWithFew.cpuUs, unit }),
    row({
      name: `${name}: starling, beside ${few}`,
      figure: ours.cpuUs,
      unit,
      peerFigure: oursWithFew.cpuUs,
      target: { atMost: timesFew, timesPeer: `${few} boards` },
    }),
    row({ name: `${name}: raw ws, latency`, figure: rawWs.p99Ms, unit: 'ms, p99' }),
    row({ name: `${name}: starling, latency`, figure: ours.p99Ms, unit: 'ms, p99', target: { atMost: maxLatencyMs } }),
  ];
  if (isQuick) return rows;
  // Alone it takes a minute, for a figure that is a thousand times ours.
  const stock = await measureServer(await startStock(redis.url), { connections: many, seconds, isPaced: false });
  return [...rows, row({ name: `${name}: stock`, figure: stock.cpuUs, unit })];
}

interface Workload {
  readonly connections: number;
  readonly seconds: number;
  /** Whether events also come at a pace, for their latency. Not for servers that could not keep it up. */
  readonly isPaced: boolean;
}

async function measureServer(server: BenchServer, workload: Workload): Promise<Result> {
  const { connections, seconds } = workload;
  const load = new Load(server.target);
  try {
    await load.open(connections, { boardId: (index) => `board-${index}` });
    await load.settled(server.pid);
    const results: Result[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const result = await measureRound(server, load, workload);
      // The first round warms up.
      if (round > 0) results.push(result);
    }
    return {
      cpuUs: median(results.map(({ cpuUs }) => cpuUs)),
      p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
    };
  } catch (error) {
    throw new Error(`${server.kind} with ${connections} boards over ${seconds} s`, { cause: error });
  } finally {
    await load.close(server.pid);
    await server.stop();
  }
}

async function measureRound(server: BenchServer, load: Load, workload: Workload): Promise<Result> {
  const { connections, seconds, isPaced } = workload;
  const task = () => makeTask(`board-${Math.floor(Math.random() * connections)}`);
  const cpuBefore = cpuTimeMs(server.pid);
  const pace = { forMs: seconds * 1_000, waiting, deliveriesPerEvent: 1, task };
  const events = await publishKeepingWaiting({ load, publisher: server }, pace);
  const cpuUs = ((cpuTimeMs(server.pid) - cpuBefore) * 1_000) / events;
  if (!isPaced) return { cpuUs, p99Ms: NaN };

  const expected = load.received + perSecond * seconds;
  const latencies = await load.latenciesDuring(async () => {
    await publishAtPace(server, { perSecond, seconds, task });
    await load.whenReceived(expected);
  });
  return { cpuUs, p99Ms: percentile(latencies, 0.99) };
}
