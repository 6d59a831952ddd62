import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ensureRedisBinary } from './redis-binary.js';

export interface RedisServerOptions {
  /** Keep a journal on disk that is flushed at each write, so a killed server has everything it acknowledged. Default false. */
  readonly appendOnly?: boolean;
  /** Folder of its files; kept at `stop`. Default: a new temporary one, removed at `stop`. */
  readonly dir?: string;
  /** Loopback port. Default: a free one. */
  readonly port?: number;
  /** Further arguments of redis-server, such as `--requirepass`. */
  readonly moreArguments?: readonly string[];
  /** Lines of its configuration, where it is to be a Sentinel; it then has no data, and none of the arguments. */
  readonly sentinel?: readonly string[];
}

/** A Redis process of one test, on loopback, that the test may kill, stop and start as it likes. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now: another one after `restart`. */
  readonly pid: number;
  /** Sends a signal. SIGKILL resolves when the process is gone; others when they are sent. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and folder, ending the running process first. Resolves when it serves. */
  restart(): Promise<void>;
  /** Ends the process and removes its temporary folder. May be called twice. */
  stop(): Promise<void>;
}

/** Time for a server to load its data and serve, in milliseconds: seconds on a busy build machine, not minutes. */
const startTimeoutMs = 15_000;

/** A port that was free may be taken before Redis binds it; so often the next one is tried. */
const portAttempts = 5;

/** Starts a real Redis server. Resolves when it accepts commands. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = await ensureRedisBinary();
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'starling-redis-')));
  const removeDir = async () => {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  const start = async (port: number) => {
    if (!options.sentinel) return launch(binary, argumentsFor(port, dir, options), 'Ready to accept connections');
    return launch(binary, await sentinelArguments(port, dir, options.sentinel), 'Sentinel ID is');
  };

  let port = options.port ?? (await findFreePort());
  let child = await retryOnOtherPorts();

  async function retryOnOtherPorts(): Promise<ChildProcess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await start(port);
      } catch (error) {
        if (options.port !== undefined || attempt === portAttempts) {
          await removeDir();
          throw error;
        }
        port = await findFreePort();
      }
    }
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    async kill(signal) {
      if (signal === 'SIGKILL') await end(child);
      else child.kill(signal);
    },
    async restart() {
      await end(child);
      child = await start(port);
    },
    async stop() {
      await end(child);
      await removeDir();
    },
  };
}

/** A Sentinel keeps what it learns in its configuration file, so it must have one. */
async function sentinelArguments(port: number, dir: string, lines: readonly string[]): Promise<string[]> {
  const file = join(dir, 'sentinel.conf');
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, ...lines, ''].join('\n'));
  return [file, '--sentinel'];
}

function argumentsFor(port: number, dir: string, options: RedisServerOptions): string[] {
  const { appendOnly = false, moreArguments = [] } = options;
  const journal = appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  return [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--daemonize',
    'no',
    ...journal,
    ...moreArguments,
  ];
}

async function launch(binary: string, args: string[], readyText: string): Promise<ChildProcess> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // A test run that ends without its teardown must not leave servers behind.
  const endWithProcess = () => child.kill('SIGKILL');
  process.once('exit', endWithProcess);
  child.once('exit', () => process.removeListener('exit', endWithProcess));

  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`redis-server did not start:\n${said.join('\n')}`)),
        startTimeoutMs,
      );
      const fail = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      child.once('error', fail);
      child.once('exit', () => fail(new Error(`redis-server ended at its start:\n${said.join('\n')}`)));
      // Said after the journal is loaded, so a restarted server has its data.
      lines.on('line', (line) => {
        said.push(line);
        if (!line.includes(readyText)) return;
        clearTimeout(timer);
        resolve();
      });
    });
  } catch (error) {
    await end(child);
    throw error;
  }
  lines.removeAllListeners('line');
  lines.close();
  // Its log must go on flowing, or the pipe fills and the server blocks.
  child.stdout.resume();
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
