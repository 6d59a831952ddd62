import { runProgram } from '#libs/testing';
import {
  startStandalone,
  temporaryFolder,
  threePorts,
  tokenScript,
} from '../../../apps/standalone/test/start-standalone.js';
import type { Deployment } from './deployment.js';

/** What `npm start` runs, by its TLS addresses. */
export async function startStandaloneDeployment(api: string): Promise<Deployment> {
  await using started = new AsyncDisposableStack();
  const { folder } = started.adopt(await temporaryFolder(), ({ remove }) => remove());
  const options = { api, dataDirectory: folder, ports: await threePorts() };
  const { dev } = started.adopt(await startStandalone(options), async (program) => void (await program.stop()));
  const running = started.move();
  return {
    endpoint: dev.tlsGraphqlUrl,
    realtimeUrl: dev.tlsRealtimeUrl,
    ca: dev.ca,
    async credentialsOf(user): Promise<Record<string, string>> {
      if (!user) return { 'x-api-key': dev.apiKey! };
      const printed = await runProgram({ script: tokenScript, args: [user, '--data', folder] });
      return { Authorization: printed.stdout.trim() };
    },
    stop: () => running.disposeAsync(),
  };
}
