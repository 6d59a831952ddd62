import { freePorts } from '#libs/testing';
import { clientProtocols } from '../load/client-protocol.js';
import type { ClientProtocol } from '../load/client-protocol.js';
import type { BenchServer } from './bench-server.js';
import { createLogPublisher } from './publishers.js';
import { readMetric } from './read-metric.js';
import { startServerProcess } from './server-process.js';

const apiKey = 'da2-benchbenchbenchbenchbenchb';

export interface GatewayServerOptions {
  readonly redisUrl: string;
  /** Default graphql-transport-ws, which the peers speak. */
  readonly protocol?: ClientProtocol;
  readonly profileFolder?: string;
  /** Over what is set here. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The gateway as it is deployed, with its defaults but one: it takes any number of handshakes per second, because that is what is
 * measured. Events come from its event log.
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
      ...env,
    },
  });
  const publisher = createLogPublisher(redisUrl);
  return {
    kind: 'starling',
    pid: server.pid,
    target: { port, protocol, apiKey },
    memory: () => server.memory(),
    metric: (name) => readMetric(metricsPort, name),
    publish: (task) => publisher.publish(task),
    async stop() {
      await publisher.close();
      await server.stop();
    },
  };
}
