import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onServerCore } from '../measure/cores.js';
import type { ServerMemory } from './bench-server.js';

/** Longest wait for a server to start or to stop, in milliseconds. */
const patienceMs = 30_000;

export interface ServerProcessOptions {
  /** Script under the project's folder. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for a CPU profile of its whole life. */
  readonly profileFolder?: string;
}

/** A server as a process on the core of servers. */
export interface ServerProcess {
  readonly pid: number;
  memory(): Promise<ServerMemory>;
  stop(): Promise<void>;
}

/** Starts a server and resolves when it has written "is listening". Rejects with what it wrote when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { script, args = [], env = {}, profileFolder } = options;
  const instrument = pathToFileURL(path.join(import.meta.dirname, 'instrument.js')).href;
  const profiling = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const [command, commandArgs] = onServerCore(process.execPath, [
    '--expose-gc',
    ...profiling,
    `--import=${instrument}`,
    script,
    ...args,
  ]);
  const child = spawn(command, commandArgs, {
    // Nobody is to be sent elsewhere when a measurement is over.
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DRAIN_DELAY_MS: '0', DRAIN_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // A server that is busy does not notice that we are gone.
  const endWithProcess = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithProcess);
  child.once('exit', () => process.removeListener('exit', endWithProcess));
  let written = '';
  const isListening = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${script} did not listen:\n${written}`)), patienceMs);
    const read = (text: string): void => {
      // Enough to say why it failed; a server that logs for long must not fill our memory.
      written = (written + text).slice(-4_000);
      if (!written.includes('is listening')) return;
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', read);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`${script} ended:\n${written}`));
    });
  });
  await isListening.catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid!,
    async memory() {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(patienceMs) });
      child.send('memory');
      return ((await answer) as [ServerMemory])[0];
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
