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

/** Of one round. Enough CPU time for the clock of a process, which has ticks of 10 ms. */
const loads = [
  { waiting: 1, events: 24, quickEvents: 20, timesRawWs: 1.15 },
  { waiting: 4, events: 64, quickEvents: 48, timesRawWs: 0.5 },
  { waiting: 32, events: 320, quickEvents: 192, timesRawWs: 0.12 },
];

/** Stock is measured one event at a time only: it costs the same whatever waits, and minutes when much does. */
const stockEvents = 10;

/** One at a time, the first connection's delivery and the last one's must come as soon as raw ws brings them. */
const latencyTimesRawWs = 1.15;

const stockTimesAtMost = 0.25;

interface Round {
  readonly cpuUs: number;
  readonly latencyMs: number;
}

interface Contestant {
  readonly server: BenchServer;
  readonly load: Load;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const connections = isQuick ? 2_000 : 5_000;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const starters = [
    () => startRawWs(redis.url),
    () => startGatewayServer({ redisUrl: redis.url, profileFolder }),
    () => startStock(redis.url),
  ];
  const contestants: Contestant[] = [];
  for (const start of starters) {
    const server = started.adopt(await start(), (it) => it.stop());
    const load = started.adopt(new Load(server.target), (it) => it.close(server.pid));
    await load.open(connections);
    await load.settled(server.pid);
    contestants.push({ server, load });
  }
  const [rawWs, starling, stock] = contestants as [Contestant, Contestant, Contestant];

  const rows: Row[] = [];
  for (const { waiting, events, quickEvents, timesRawWs } of loads) {
    const contest = waiting === 1 ? contestants : [rawWs, starling];
    const results = new Map<Contestant, Round[]>(contest.map((one) => [one, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const one of contest) {
        const count = one === stock ? stockEvents : isQuick ? quickEvents : events;
        const result = await measureRound(one, { connections, events: count, waiting });
        // The first round warms up.
        if (round > 0) results.get(one)!.push(result);
      }
    }
    const cpuUs = (one: Contestant) => median(results.get(one)!.map((it) => it.cpuUs));
    const latencyMs = (one: Contestant) => median(results.get(one)!.map((it) => it.latencyMs));
    const workload = `broadcast to ${connections}, ${waiting === 1 ? 'one at a time' : `${waiting} waiting`}`;
    const unit = 'µs CPU per delivery';
    const shared = { figure: cpuUs(starling), unit };
    rows.push(
      row({ name: `${workload}: raw ws`, figure: cpuUs(rawWs), unit }),
      row({
        ...shared,
        name: `${workload}: starling`,
        peerFigure: cpuUs(rawWs),
        target: { atMost: timesRawWs, timesPeer: 'raw ws' },
      }),
    );
    if (contest.includes(stock)) {
      rows.push(
        row({ name: `${workload}: stock`, figure: cpuUs(stock), unit }),
        row({
          ...shared,
          name: `${workload}: starling, beside stock`,
          peerFigure: cpuUs(stock),
          target: { atMost: stockTimesAtMost, timesPeer: 'stock' },
        }),
        row({
          name: `${workload}: starling, latency`,
          figure: latencyMs(starling),
          unit: 'ms, median',
          peerFigure: latencyMs(rawWs),
          target: { atMost: latencyTimesRawWs, timesPeer: 'raw ws' },
        }),
      );
    }
  }
  return rows;
}

async function measureRound(
  { server, load }: Contestant,
  { connections, events, waiting }: { connections: number; events: number; waiting: number },
): Promise<Round> {
  const cpuBefore = cpuTimeMs(server.pid);
  const publishing = () =>
    publishKeepingWaiting({ load, publisher: server }, { events, waiting, deliveriesPerEvent: connections });
  // Of many events at once the time is that of their queue.
  const latencies = waiting === 1 ? await load.latenciesDuring(publishing) : void (await publishing());
  // What a server does after its last write is of these deliveries too.
  await load.settled(server.pid);
  const cpuUs = ((cpuTimeMs(server.pid) - cpuBefore) * 1_000) / (events * connections);
  return { cpuUs, latencyMs: median(latencies ?? []) };
}
