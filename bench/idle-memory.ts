import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisServer } from '#libs/testing';
import { clientProtocols } from './load/client-protocol.js';
import { Load } from './load/load.js';
import { leaveServerCore } from './measure/cores.js';
import { residentBytes } from './measure/process-numbers.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import type { BenchServer } from './servers/bench-server.js';
import { startRawWs } from './servers/peer-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * What a connection holds in a server's memory while nothing happens on it: resident memory with many connections that have one
 * subscription each, less that of the server after its start, divided. What starting left is collected before; what connecting left
 * counts, as it does for whoever plans a pod's memory. The fewer connections, the more each seems to hold of what a process has once.
 */
const sizes = { quick: 10_000, whole: 15_000 };

/** Time in which a server collects by itself what connecting left, in milliseconds. */
const restMs = 1_500;

const maxKilobytes = 12;

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const connections = isQuick ? sizes.quick : sizes.whole;
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const ours = (protocol: keyof typeof clientProtocols) =>
    startGatewayServer({ redisUrl: redis.url, protocol: clientProtocols[protocol], profileFolder });

  const name = `idle memory of ${connections}`;
  const unit = 'KB RSS per connection';
  const target = { atMost: maxKilobytes };
  const rawWs = await perConnection(await startRawWs(redis.url), connections);
  const standard = await perConnection(await ours('graphqlTransportWs'), connections);
  const appSync = await perConnection(await ours('appSync'), connections);
  const peerFigure = rawWs.residentKb;
  return [
    row({ name: `${name}: raw ws`, figure: rawWs.residentKb, unit }),
    row({ name: `${name}: starling, graphql-transport-ws`, figure: standard.residentKb, unit, peerFigure, target }),
    row({ name: `${name}: starling, AppSync's protocol`, figure: appSync.residentKb, unit, peerFigure, target }),
    row({ name: `${name}: starling, heap`, figure: standard.heapKb, unit: 'KB heap per connection, after collecting' }),
  ];
}

/** Of the resident memory, `heapKb` is what V8's own limit is about. */
interface Held {
  readonly residentKb: number;
  readonly heapKb: number;
}

async function perConnection(server: BenchServer, connections: number): Promise<Held> {
  const load = new Load(server.target);
  try {
    const before = await server.memory();
    await load.open(connections);
    await load.settled(server.pid);
    await sleep(restMs);
    const residentKb = (residentBytes(server.pid) - before.rssBytes) / 1_024 / connections;
    const { heapBytes } = await server.memory();
    return { residentKb, heapKb: (heapBytes - before.heapBytes) / 1_024 / connections };
  } finally {
    await load.close(server.pid);
    await server.stop();
  }
}
