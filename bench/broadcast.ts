import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { publishKeepingWaiting } from './load/publishing.js';
import { leaveServerCore } from './measure/cores.js';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median } from './measure/statistics.js';
import type { BenchServer } from './servers/bench-server.js';
import { startRawWs, startStock } from './servers/peer-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * Every connection has the same subscription, and every event goes to all. Counted is the servers' CPU time per delivery: one event
 * at a time, and with several waiting at any time, which is what a burst is. Rounds alternate between the servers, so that a
 * slow moment of the machine meets all of them.
 */
const rounds = 3;

/** Time in which each server's code is compiled before anything is measured, in milliseconds. */
const warmUpMs = 1_000;

const connections = 5_000;

/** Time of a round, in milliseconds, unless it is quick. */
const roundMs = 2_000;

const loads = [
  { waiting: 1, timesRawWs: 1.15, quickMs: 400 },
  { waiting: 4, timesRawWs: 0.5, quickMs: 400 },
  // The queue has to be full for most of the round.
  { waiting: 32, timesRawWs: 0.12, quickMs: 1_000 },
];

/** Stock is measured one event at a time only: it costs the same whatever waits. */
const stockTimesAtMost = 0.25;

/** One at a time, nothing may wait for the sake of gathering: a delivery must come as soon as raw ws brings it. */
const latencyTimesRawWs = 1.15;

interface Round {
  readonly cpuUs: number;
  readonly latencyMs: number;
}

interface Contestant {
  readonly server: BenchServer;
  readonly load: Load;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const join = async (server: BenchServer): Promise<Contestant> => {
    started.adopt(server, (it) => it.stop());
    const load = started.adopt(new Load(server.target), (it) => it.close(server.pid));
    await load.open(connections);
    const warmUp = { forMs: warmUpMs, waiting: 2, deliveriesPerEvent: connections };
    await publishKeepingWaiting({ load, publisher: server }, warmUp);
    return { server, load };
  };
  const rawWs = await join(await startRawWs(redis.url));
  const starling = await join(await startGatewayServer({ redisUrl: redis.url, profileFolder }));
  const stock = await join(await startStock(redis.url));

  const rows: Row[] = [];
  for (const { waiting, timesRawWs, quickMs } of loads) {
    const contest = waiting === 1 ? [rawWs, starling, stock] : [rawWs, starling];
    const results = await compete(contest, waiting, isQuick ? quickMs : roundMs);
    const name = `broadcast to ${connections}, ${waiting === 1 ? 'one at a time' : `${waiting} waiting`}`;
    const unit = 'µs CPU per delivery';
    const [raw, ours, theirs] = results as [Round, Round, Round | undefined];
    rows.push(row({ name: `${name}: raw ws`, figure: raw.cpuUs, unit }));
    const target = { atMost: timesRawWs, timesPeer: 'raw ws' };
    rows.push(row({ name: `${name}: starling`, figure: ours.cpuUs, unit, peerFigure: raw.cpuUs, target }));
    if (theirs) rows.push(...rowsBesideStock(name, unit, [raw, ours, theirs]));
  }
  return rows;
}

function rowsBesideStock(name: string, unit: string, [raw, ours, stock]: readonly [Round, Round, Round]): Row[] {
  return [
    row({ name: `${name}: stock`, figure: stock.cpuUs, unit }),
    row({
      name: `${name}: starling, beside stock`,
      figure: ours.cpuUs,
      unit,
      peerFigure: stock.cpuUs,
      target: { atMost: stockTimesAtMost, timesPeer: 'stock' },
    }),
    row({ name: `${name}: raw ws, latency`, figure: raw.latencyMs, unit: 'ms, median' }),
    row({
      name: `${name}: starling, latency`,
      figure: ours.latencyMs,
      unit: 'ms, median',
      peerFigure: raw.latencyMs,
      target: { atMost: latencyTimesRawWs, timesPeer: 'raw ws' },
    }),
  ];
}

/** Medians of each contestant's rounds, in their order. */
async function compete(contest: readonly Contestant[], waiting: number, forMs: number): Promise<readonly Round[]> {
  const results = contest.map((): Round[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contest.entries()) {
      results[index]!.push(await measureRound(contestant, waiting, forMs));
    }
  }
  return results.map((each) => ({
    cpuUs: median(each.map(({ cpuUs }) => cpuUs)),
    latencyMs: median(each.map(({ latencyMs }) => latencyMs)),
  }));
}

async function measureRound({ server, load }: Contestant, waiting: number, forMs: number): Promise<Round> {
  const cpuBefore = cpuTimeMs(server.pid);
  let events = 0;
  const publishing = async (): Promise<void> => {
    const pace = { forMs, waiting, deliveriesPerEvent: connections };
    events = await publishKeepingWaiting({ load, publisher: server }, pace);
  };
  // Of many events at once the time is that of their queue.
  const latencies = waiting === 1 ? await load.latenciesDuring(publishing) : [];
  if (waiting > 1) await publishing();
  // What a server does after its last write is of these deliveries too.
  await load.settled(server.pid);
  const cpuUs = ((cpuTimeMs(server.pid) - cpuBefore) * 1_000) / (events * connections);
  return { cpuUs, latencyMs: median(latencies) };
}
