import { Redis } from 'ioredis';
import { freePorts } from '#libs/testing';
import { clientProtocols } from '../load/client-protocol.js';
import type { BenchServer } from './bench-server.js';
import { startServerProcess } from './server-process.js';

/** Redis channel on which the peers hear of tasks. */
export const taskChannel = 'onCreateTask';

/** The peers of `bench/peers`. They hear of tasks through Redis, as the gateway does, and speak graphql-transport-ws. */
export const startRawWs = (redisUrl: string): Promise<BenchServer> => startPeer('raw ws', 'raw-ws', redisUrl);
export const startStock = (redisUrl: string): Promise<BenchServer> =>
  startPeer('stock', 'stock-subscriptions', redisUrl);

async function startPeer(name: string, script: string, redisUrl: string): Promise<BenchServer> {
  const [port] = await freePorts(1);
  const server = await startServerProcess({ script: `dist/bench/peers/${script}.js`, args: [String(port), redisUrl] });
  const redis = new Redis(redisUrl);
  return {
    name,
    pid: server.pid,
    target: { port: port!, protocol: clientProtocols.graphqlTransportWs, apiKey: '' },
    memory: () => server.memory(),
    metric: async () => undefined,
    async publish({ text }) {
      await redis.publish(taskChannel, `{"onCreateTask":${text}}`);
    },
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}
