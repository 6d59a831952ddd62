import { startRedisServer } from '#libs/testing';
import { clientProtocols } from './load/client-protocol.js';
import { Load } from './load/load.js';
import { leaveServerCore } from './measure/cores.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import type { BenchServer } from './servers/bench-server.js';
import { startRawWs } from './servers/peer-server.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * What a connection holds in a server's memory while nothing happens on it: how much resident memory grows from a quarter of the
 * connections, with one subscription each, to all of them. The first quarter fills what starting left free in the heap. Rubbish is
 * collected before both, as an idle process does after a while by itself.
 */
const sizes = { quick: 4_000, whole: 15_000 };

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
  const rawWs = await kilobytesPerConnection(await startRawWs(redis.url), connections);
  const standard = await kilobytesPerConnection(await ours('graphqlTransportWs'), connections);
  const appSync = await kilobytesPerConnection(await ours('appSync'), connections);
  return [
    row({ name: `${name}: raw ws`, figure: rawWs, unit }),
    row({ name: `${name}: starling, graphql-transport-ws`, figure: standard, unit, peerFigure: rawWs, target }),
    row({ name: `${name}: starling, AppSync's protocol`, figure: appSync, unit, peerFigure: rawWs, target }),
  ];
}

async function kilobytesPerConnection(server: BenchServer, connections: number): Promise<number> {
  const load = new Load(server.target);
  try {
    const first = connections / 4;
    await load.open(first);
    await load.settled(server.pid);
    const before = await server.memory();
    await load.open(connections - first);
    await load.settled(server.pid);
    const after = await server.memory();
    return (after.rssBytes - before.rssBytes) / 1_024 / (connections - first);
  } finally {
    await load.close(server.pid);
    await server.stop();
  }
}
