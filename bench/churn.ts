import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisServer } from '#libs/testing';
import { Load } from './load/load.js';
import { leaveServerCore } from './measure/cores.js';
import { openFiles } from './measure/process-numbers.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import type { BenchServer } from './servers/bench-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * Connections come, subscribe, stay for a second and leave, hundreds in a second, for minutes. Afterwards everything that counts or
 * holds them must be where it was: what a connection leaves behind fills any memory in time.
 */
const perSecond = 500;
const stayMs = 1_000;
const sizes = { quick: { seconds: 3 }, whole: { seconds: 600 } };

/** Caches are filled and code is compiled by then. */
const warmUpSeconds = 3;

/** What heaps differ by though nothing is left: compiled code, and the pages of pools. In ten minutes, 7 bytes for a connection. */
const maxHeapMegabytes = 2;

/** Gauges that must be back, in the words of docs/reference/metrics.md. */
const gauges = ['connections', 'subscriptions', 'filter_conjunctions', 'delivery_groups'];

interface State {
  readonly heapBytes: number;
  readonly files: number;
  readonly gauges: readonly (number | undefined)[];
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const { seconds } = isQuick ? sizes.quick : sizes.whole;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const server = started.adopt(await startGatewayServer({ redisUrl: redis.url, profileFolder }), (it) => it.stop());
  const load = started.adopt(new Load(server.target), (it) => it.close(server.pid));

  await comeAndGo(load, warmUpSeconds);
  const before = await stateOf(server, load);
  await comeAndGo(load, seconds);
  const after = await stateOf(server, load);

  const name = `churn of ${perSecond}/s for ${seconds} s`;
  const heap = (after.heapBytes - before.heapBytes) / 2 ** 20;
  const nothing = { atMost: 0 };
  const rows = [
    row({ name: `${name}: refused or cut`, figure: load.lostConnections, unit: 'connections', target: nothing }),
    row({ name: `${name}: heap`, figure: heap, unit: 'MB more', target: { atMost: maxHeapMegabytes } }),
    row({ name: `${name}: sockets`, figure: after.files - before.files, unit: 'files more', target: nothing }),
  ];
  for (const [index, gauge] of gauges.entries()) {
    const figure = after.gauges[index];
    // A gauge that is not there can't be back: it shows as a target that is missed.
    rows.push(row({ name: `${name}: ${gauge}`, figure: figure ?? NaN, unit: 'left', target: nothing }));
  }
  return rows;
}

/** Each has a board of its own, so that each comes and goes in the filter index too. */
async function comeAndGo(load: Load, seconds: number): Promise<void> {
  const began = performance.now();
  const visits: Promise<void>[] = [];
  for (let count = 0; count < perSecond * seconds; count += 1) {
    const dueInMs = began + (count * 1_000) / perSecond - performance.now();
    if (dueInMs >= 1) await sleep(dueInMs);
    visits.push(visit(load, `board-${count}`));
  }
  await Promise.all(visits);
}

async function visit(load: Load, boardId: string): Promise<void> {
  const [connection] = await load.open(1, { boardId: () => boardId, countsRefusals: true });
  await sleep(stayMs);
  await connection!.leave();
  load.forget(connection!);
}

async function stateOf(server: BenchServer, load: Load): Promise<State> {
  await load.settled(server.pid);
  const { heapBytes } = await server.memory();
  const values = await Promise.all(gauges.map((gauge) => server.metric(`starling_gateway_${gauge}`)));
  return { heapBytes, files: openFiles(server.pid), gauges: values };
}
