import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, runProgram, startProgram } from '#libs/testing';
import type { Deployment } from './deployment.js';

interface DevFile {
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly apiKey: string | null;
}

/** What `npm start` runs: one process, its own user pool, tokens by `npm run token`. */
export async function startStandaloneDeployment(api: string): Promise<Deployment> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-story-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const [port, tlsPort, cognitoPort] = await freePorts(3);
  const program = await startProgram({
    script: 'dist/apps/standalone/src/main.js',
    args: [api, '--data', folder],
    env: { PORT: String(port), TLS_PORT: String(tlsPort), COGNITO_PORT: String(cognitoPort) },
    readyText: 'Stop with Ctrl-C.',
  });
  started.defer(async () => void (await program.stop()));
  const dev = JSON.parse(await readFile(path.join(folder, 'dev.json'), 'utf8')) as DevFile;
  const running = started.move();
  return {
    graphqlUrls: [dev.graphqlUrl],
    realtimeUrls: [dev.realtimeUrl],
    async credentialsOf(user): Promise<Record<string, string>> {
      if (!user) return { 'x-api-key': dev.apiKey! };
      const printed = await runProgram({ script: 'dist/apps/standalone/src/token.js', args: [user, '--data', folder] });
      return { Authorization: printed.stdout.trim() };
    },
    stop: () => running.disposeAsync(),
  };
}
