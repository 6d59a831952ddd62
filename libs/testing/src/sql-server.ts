import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A database server of one test file: an empty database on loopback. */
export interface SqlServer {
  /** With user, password and database. */
  readonly connectionString: string;
  readonly port: number;
  /** Ends the process and removes its files. May be called twice. */
  stop(): Promise<void>;
}

/** Time for a server to make its files or to serve, in milliseconds: seconds on a busy build machine, not minutes. */
const startTimeoutMs = 30_000;

/** Who a server runs as: PostgreSQL and MariaDB refuse root. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The user `nobody` when this process is root, else its own. */
export async function unprivilegedUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  const ask = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout);
  return { uid: await ask('-u'), gid: await ask('-g') };
}

/** A new folder that belongs to the user, among the temporary ones or in a given one. */
export async function makeFolder(prefix: string, user: ServerUser, parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, prefix));
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid ?? user.uid);
  return folder;
}

/** Runs a program that makes the server's files. */
export async function prepare(program: string, args: readonly string[], user: ServerUser): Promise<void> {
  await run(program, args, { ...user, cwd: tmpdir(), timeout: startTimeoutMs });
}

/** A server that is to be started. */
export interface ServerProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly user: ServerUser;
  /** Its files; removed when it ends. */
  readonly folder: string;
  /** What it writes to stderr when it takes connections. */
  readonly readyText: string;
}

/** Starts a server. Resolves, with what ends it, when it takes connections. */
export async function launch({ program, args, user, folder, readyText }: ServerProcess): Promise<() => Promise<void>> {
  const child = spawn(program, args, { ...user, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'] });
  // A test run that ends without its teardown must not leave servers behind.
  const endWithProcess = () => child.kill('SIGKILL');
  process.once('exit', endWithProcess);
  const stop = async () => {
    process.removeListener('exit', endWithProcess);
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitForText(child, readyText);
  } catch (error) {
    await stop();
    throw error;
  }
  // Its log must go on flowing, or the pipe fills and the server blocks.
  child.stderr.resume();
  return stop;
}

async function waitForText(child: ChildProcess & { readonly stderr: NodeJS.ReadableStream }, text: string) {
  const lines = createInterface({ input: child.stderr });
  const said: string[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${child.spawnfile} ${what}:\n${said.join('\n')}`));
      const timer = setTimeout(() => fail(`did not start within ${startTimeoutMs} ms`), startTimeoutMs);
      child.once('error', reject);
      child.once('exit', () => {
        clearTimeout(timer);
        fail('ended at its start');
      });
      lines.on('line', (line) => {
        said.push(line);
        if (!line.includes(text)) return;
        clearTimeout(timer);
        resolve();
      });
    });
  } finally {
    lines.removeAllListeners('line');
    lines.close();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // The files go with it: there is nothing to be written in order.
  child.kill('SIGKILL');
  await gone;
}
