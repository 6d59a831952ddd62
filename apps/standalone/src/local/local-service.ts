import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listenOrExplain, StartError } from '#libs/config';

/** Longest wait until a service answers, in milliseconds. They take about one second. */
const readyTimeoutMs = 20_000;

/** A service that runs in a child process and listens on loopback. */
export interface LocalService {
  /** Its address, without a path. */
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface LocalServiceOptions {
  /** What it is, to be told to people: `local user pool`. */
  readonly name: string;
  /** Module in this folder that the process runs. It must end when its channel to us does, and leave SIGINT to us. */
  readonly script: string;
  /** Folder of its files and of its log, `service.log`. Made when it is missing. */
  readonly folder: string;
  /** Setting that the port is from. */
  readonly variable: string;
  readonly port: number;
  /** What it reads from its environment, where it has nothing of ours: that may hold AWS settings which are not meant for it. */
  readonly env?: Readonly<Record<string, string>>;
  /** The first message that it gets. Default: it gets none. */
  readonly message?: object;
  /** A path that answers 200 when it is ready. */
  readonly readyPath: string;
  /** Told when it ends by itself later on, in a sentence for people. */
  readonly onEnd: (text: string) => void;
}

/** Starts a service and waits until it answers. Throws a StartError when its port is taken, or it does not come up. */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const { name, folder, port, variable } = options;
  await listenOrExplain(variable, port, () => probePort(port));
  await mkdir(folder, { recursive: true });
  const logFile = path.join(folder, 'service.log');
  const child = spawnService(options, logFile);
  try {
    await waitUntilReady(child, options, logFile);
  } catch (error) {
    child.kill();
    throw error;
  }
  const reportEnd = (): void => options.onEnd(`The ${name} has ended (${endOf(child)}); ${logFile} says why.`);
  child.once('exit', reportEnd);
  return {
    endpoint: `http://localhost:${port}`,
    async close() {
      child.off('exit', reportEnd);
      if (hasEnded(child)) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function probePort(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function spawnService({ script, folder, env, message }: LocalServiceOptions, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [], {
    cwd: folder,
    env: { PATH: path.dirname(process.execPath), ...env },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  // A child that ends before it has read the message is noticed by its end.
  if (message) child.send(message, () => undefined);
  return child;
}

async function waitUntilReady(
  child: ChildProcess,
  { name, port, readyPath }: LocalServiceOptions,
  logFile: string,
): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new StartError(`The ${name} ended (${endOf(child)}); ${logFile} says why.`);
    const isReady = await fetch(`http://127.0.0.1:${port}${readyPath}`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(25);
  }
  throw new StartError(`The ${name} did not answer within ${readyTimeoutMs / 1000} seconds; see ${logFile}.`);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function endOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `status ${exitCode}`;
}
