import { localCertificate } from '../../../apps/standalone/src/local/certificate.js';
import { temporaryFolder } from '../../../apps/standalone/test/start-standalone.js';
import { startSeparateProcesses } from '../../stories/deployments/separate-processes.js';
import type { Deployment } from './deployment.js';
import { startIngress } from './ingress.js';

export interface BehindIngress extends Deployment {
  /** Starts as many gateways anew, then stops the old ones: what a rolling update does. */
  updateGateways(): Promise<void>;
}

/** Two apis and two gateways over Redis, behind one origin over TLS. */
export async function startBehindIngress(
  api: string,
  redisUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BehindIngress> {
  await using started = new AsyncDisposableStack();
  const { folder } = started.adopt(await temporaryFolder(), ({ remove }) => remove());
  const processes = started.adopt(await startSeparateProcesses({ api, redisUrl, env }), (it) => it.stop());
  const { key, cert, caFile } = await localCertificate(folder);
  const { graphqlUrls: apis, realtimeUrls: gateways } = processes;
  const ingress = started.adopt(await startIngress({ key, cert, apis, gateways }), (it) => it.stop());
  const running = started.move();
  return {
    endpoint: `https://localhost:${ingress.port}/graphql`,
    realtimeUrl: `wss://localhost:${ingress.port}/graphql/realtime`,
    ca: caFile,
    credentialsOf: (user, expiresInS) => processes.credentialsOf(user, expiresInS),
    async updateGateways() {
      const old = processes.programs.slice(apis.length);
      ingress.routeTo(await Promise.all(old.map(() => processes.addGateway())));
      await Promise.all(old.map((gateway) => gateway.stop()));
    },
    stop: () => running.disposeAsync(),
  };
}
