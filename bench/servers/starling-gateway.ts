import { createRedisEventLog, Publisher } from '#libs/event-log';
import { freePorts } from '#libs/testing';
import { clientProtocols } from '../load/client-protocol.js';
import type { ClientProtocol } from '../load/client-protocol.js';
import type { BenchServer } from './bench-server.js';
import { readMetric } from './read-metric.js';
import { startServerProcess } from './server-process.js';

const apiKey = 'da2-benchbenchbenchbenchbenchb';

export interface GatewayServerOptions {
  readonly redisUrl: string;
  /** Default graphql-transport-ws, which the peers speak. */
  readonly protocol?: ClientProtocol;
  readonly profileFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The gateway as it is deployed, with its defaults but two: it takes any number of handshakes per second, because that is
 * measured, and connections of any number from one API key. Events come from its event log, appended as the api does.
 */
export async function startGatewayServer(options: GatewayServerOptions): Promise<BenchServer> {
  const { redisUrl, protocol = clientProtocols.graphqlTransportWs, profileFolder, env } = options;
  const [port, metricsPort] = (await freePorts(2)) as [number, number];
  const server = await startServerProcess({
    script: 'dist/apps/gateway/src/main.js',
    profileFolder,
    env: {
      STARLING_API: 'bench/api',
      STARLING_API_KEY: apiKey,
      REDIS_URL: redisUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metricsPort),
      MAX_HANDSHAKES_PER_SECOND: '0',
      MAX_CONNECTIONS_PER_IDENTITY: '0',
      ...env,
    },
  });
  const log = createRedisEventLog({ url: redisUrl, api: 'bench' });
  const publisher = new Publisher(log);
  return {
    name: 'starling',
    pid: server.pid,
    target: { port, protocol, apiKey },
    memory: () => server.memory(),
    metric: (name) => readMetric(metricsPort, name),
    async publish({ text }) {
      const payload = `{"__typename":"Task",${text.slice(1)}`;
      await publisher.publish([{ kind: 'event', mutation: 'createTask', payload }]);
    },
    async stop() {
      publisher.close();
      await log.close();
      await server.stop();
    },
  };
}
