import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { publishAtPace } from './load/publishing.js';
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
 * wants it. Raw ws looks it up in a Map, which is what it would cost if filters were only names. Events come at a pace.
 */
const perSecond = 500;
const rounds = 3;
const sizes = { quick: { many: 5_000, few: 1_000, seconds: 1.5 }, whole: { many: 15_000, few: 1_000, seconds: 4 } };

/** What stock can keep up with: it evaluates a function for every connection. */
const stockPerSecond = 4;

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

  const rawWs = await measureServer(await startRawWs(redis.url), { connections: many, perSecond, seconds });
  const ours = await measureServer(await startOurs(), { connections: many, perSecond, seconds });
  const oursWithFew = await measureServer(await startOurs(), { connections: few, perSecond, seconds });

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
  const paceOfStock = { connections: many, perSecond: stockPerSecond, seconds };
  const stock = await measureServer(await startStock(redis.url), paceOfStock);
  return [...rows, row({ name: `${name}: stock`, figure: stock.cpuUs, unit })];
}

interface Workload {
  readonly connections: number;
  readonly perSecond: number;
  readonly seconds: number;
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
  const { connections, perSecond: pace, seconds } = workload;
  const events = pace * seconds;
  const randomTask = () => makeTask(`board-${Math.floor(Math.random() * connections)}`);
  const receivedBefore = load.received;
  const cpuBefore = cpuTimeMs(server.pid);
  const latencies = await load.latenciesDuring(async () => {
    await publishAtPace(server, { perSecond: pace, seconds, task: randomTask });
    await load.whenReceived(receivedBefore + events);
  });
  const cpuUs = ((cpuTimeMs(server.pid) - cpuBefore) * 1_000) / events;
  return { cpuUs, p99Ms: percentile(latencies, 0.99) };
}
