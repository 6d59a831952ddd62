import { setPriority } from 'node:os';
import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { startObserver } from './load/start-observer.js';
import type { Observer } from './load/start-observer.js';
import { makeTask } from './load/task.js';
import { leaveServerCore } from './measure/cores.js';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median } from './measure/statistics.js';
import type { BenchServer } from './servers/bench-server.js';
import { startRawWs, startStock } from './servers/peer-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * Everybody connects and subscribes at once, as after a restart of another gateway, while others are being served. Counted are the
 * connections that a second of one core's time makes, from the first SYN until the server has nothing left to do.
 */
const rounds = 3;
const sizes = { quick: 3_000, whole: 10_000 };

/** Those who are being served: few, so that their deliveries do not count among what the storm costs. */
const served = { connections: 100, eventsPerSecond: 20 };

const minPerSecond = 6_000;
const maxLatencyMs = 250;

/** The storm's own board, so that one event at the end shows that every subscription is there. */
const boardId = 'storm';

/** Those who come in the storm give way to the others, with whom they share a core: delays are to be the server's. */
const giveWay = 10;

interface Contestant {
  readonly server: BenchServer;
  /** None at stock: its filter functions for so many take all of its core when 20 events a second come. */
  readonly observer: Observer | undefined;
  readonly results: Result[];
}

interface Result {
  readonly perSecond: number;
  readonly refused: number;
  readonly p99Ms: number;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const connections = isQuick ? sizes.quick : sizes.whole;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const join = async (server: BenchServer): Promise<Contestant> => {
    started.adopt(server, (it) => it.stop());
    const { kind, target } = server;
    if (kind === 'stock') return { server, observer: undefined, results: [] };
    const options = { kind, port: target.port, apiKey: target.apiKey, redisUrl: redis.url, ...served };
    const observer = started.adopt(await startObserver(options), (it) => it.stop());
    return { server, observer, results: [] };
  };
  const rawWs = await join(await startRawWs(redis.url));
  const starling = await join(await startGatewayServer({ redisUrl: redis.url, profileFolder }));
  const contest = [rawWs, starling];
  // Stock takes as long as the two together, and is measured for one figure.
  const stock = isQuick ? undefined : await join(await startStock(redis.url));
  if (stock) contest.push(stock);
  setPriority(giveWay);

  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contest) {
      const result = await measureRound(contestant, connections);
      // The first round warms up.
      if (round > 0) contestant.results.push(result);
    }
  }
  return rowsOf(`storm of ${connections}`, { rawWs, starling, stock });
}

type Contest = Readonly<Record<'rawWs' | 'starling', Contestant> & { stock: Contestant | undefined }>;

function rowsOf(name: string, { rawWs, starling, stock }: Contest): readonly Row[] {
  const medianOf = ({ results }: Contestant, member: keyof Result) => median(results.map((one) => one[member]));
  const unit = 'connections per core-second';
  const peerFigure = medianOf(rawWs, 'perSecond');
  const rows = [
    row({ name: `${name}: raw ws`, figure: peerFigure, unit }),
    row({
      name: `${name}: starling`,
      figure: medianOf(starling, 'perSecond'),
      unit,
      peerFigure,
      target: { atLeast: minPerSecond },
    }),
  ];
  if (stock) rows.push(row({ name: `${name}: stock`, figure: medianOf(stock, 'perSecond'), unit, peerFigure }));
  return [
    ...rows,
    row({
      name: `${name}: starling, refused`,
      figure: starling.results.reduce((sum, { refused }) => sum + refused, 0),
      unit: 'connections',
      target: { atMost: 0 },
    }),
    row({ name: `${name}: raw ws, others' deliveries`, figure: medianOf(rawWs, 'p99Ms'), unit: 'ms, p99' }),
    row({
      name: `${name}: starling, others' deliveries`,
      figure: medianOf(starling, 'p99Ms'),
      unit: 'ms, p99',
      target: { atMost: maxLatencyMs },
    }),
  ];
}

async function measureRound({ server, observer }: Contestant, connections: number): Promise<Result> {
  const { pid } = server;
  const load = new Load(server.target);
  const cpuBefore = cpuTimeMs(pid);
  const storm = () =>
    load.open(connections, { boardId: () => boardId, concurrency: connections, countsRefusals: true });
  const p99Ms = observer ? (await observer.during(storm)).p99Ms : NaN;
  if (!observer) await storm();
  await load.settled(pid);
  const cpuMs = cpuTimeMs(pid) - cpuBefore;
  const refused = load.lostConnections;
  if (refused > 0) process.stderr.write(`${server.kind} refused ${refused} connections: ${load.lastReason}\n`);
  void server.publish(makeTask(boardId));
  await load.whenReceived(connections - refused);
  await load.close(pid);
  return { perSecond: (connections * 1_000) / cpuMs, refused, p99Ms };
}
