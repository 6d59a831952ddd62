import { freePorts } from '#libs/testing';
import { clientProtocols } from '../load/client-protocol.js';
import type { BenchServer } from './bench-server.js';
import { createChannelPublisher } from './publishers.js';
import { startServerProcess } from './server-process.js';

/** The peers of `bench/peers`. They hear of tasks through Redis, as the gateway does, and speak graphql-transport-ws. */
const scripts = { 'raw ws': 'raw-ws', stock: 'stock-subscriptions' } as const;

export const startRawWs = (redisUrl: string): Promise<BenchServer> => startPeer('raw ws', redisUrl);
export const startStock = (redisUrl: string): Promise<BenchServer> => startPeer('stock', redisUrl);

async function startPeer(kind: keyof typeof scripts, redisUrl: string): Promise<BenchServer> {
  const [port] = await freePorts(1);
  const script = `dist/bench/peers/${scripts[kind]}.js`;
  const server = await startServerProcess({ script, args: [String(port), redisUrl] });
  const publisher = createChannelPublisher(redisUrl);
  return {
    kind,
    pid: server.pid,
    target: { port: port!, protocol: clientProtocols.graphqlTransportWs, apiKey: '' },
    memory: () => server.memory(),
    metric: async () => undefined,
    publish: (task) => publisher.publish(task),
    async stop() {
      await publisher.close();
      await server.stop();
    },
  };
}
