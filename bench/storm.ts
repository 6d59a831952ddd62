import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { startObserver } from './load/start-observer.js';
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
  const rawWs = await measureServer(await startRawWs(redis.url), redis.url, connections);
  const ours = await measureServer(
    await startGatewayServer({ redisUrl: redis.url, profileFolder }),
    redis.url,
    connections,
  );

  const name = `storm of ${connections}`;
  const unit = 'connections per core-second';
  const peerFigure = rawWs.perSecond;
  const target = { atLeast: minPerSecond };
  const rows = [
    row({ name: `${name}: raw ws`, figure: rawWs.perSecond, unit }),
    row({ name: `${name}: starling`, figure: ours.perSecond, unit, peerFigure, target }),
    row({ name: `${name}: starling, refused`, figure: ours.refused, unit: 'connections', target: { atMost: 0 } }),
    row({ name: `${name}: raw ws, others' deliveries`, figure: rawWs.p99Ms, unit: 'ms, p99' }),
    row({
      name: `${name}: starling, others' deliveries`,
      figure: ours.p99Ms,
      unit: 'ms, p99',
      target: { atMost: maxLatencyMs },
    }),
  ];
  if (isQuick) return rows;
  const stock = await measureServer(await startStock(redis.url), redis.url, connections);
  return [...rows, row({ name: `${name}: stock`, figure: stock.perSecond, unit, peerFigure })];
}

async function measureServer(server: BenchServer, redisUrl: string, connections: number): Promise<Result> {
  const { kind, pid, target } = server;
  const observer = await startObserver({ kind, port: target.port, apiKey: target.apiKey, redisUrl, ...served });
  try {
    const results: Result[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const load = new Load(target);
      const cpuBefore = cpuTimeMs(pid);
      const { p99Ms } = await observer.during(async () => {
        await load.open(connections, { boardId: () => boardId, concurrency: connections, countsRefusals: true });
        await load.settled(pid);
      });
      const cpuMs = cpuTimeMs(pid) - cpuBefore;
      void server.publish(makeTask(boardId));
      await load.whenReceived(connections - load.lostConnections);
      // The first round warms up.
      if (round > 0) results.push({ perSecond: (connections * 1_000) / cpuMs, refused: load.lostConnections, p99Ms });
      await load.close(pid);
    }
    return {
      perSecond: median(results.map(({ perSecond }) => perSecond)),
      refused: results.reduce((sum, { refused }) => sum + refused, 0),
      p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
    };
  } finally {
    observer.stop();
    await server.stop();
  }
}
