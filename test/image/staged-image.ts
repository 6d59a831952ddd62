import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { collectLog, collectSecret } from '#libs/testing';

const run = promisify(execFile);

/** Who runs in the image. Only root can run something as somebody else. */
const user: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

/** Longest wait for a program to be ready or to end, in milliseconds; above what a busy machine of two cores needs. */
const timeoutMs = 30_000;

/** The files of the image, made by the script that the Dockerfile runs, and programs run from them as they run in it. */
export interface StagedImage {
  /** What is /app in the image. */
  readonly app: string;
  /** What the target `standalone` adds to it. */
  readonly standalone: string;
  /** A folder for files that programs are given, readable by them. */
  readonly files: string;
  /** Runs a command of the image to its end. */
  run(args: readonly string[], env?: Environment): Promise<{ status: number | null; stdout: string; stderr: string }>;
  /** Starts a command of the image; resolves when `readyText` stands on its output. */
  start(args: readonly string[], readyText: string, env?: Environment): Promise<ImageProgram>;
  remove(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export interface ImageProgram {
  /** Processor time that it took until it was ready, in milliseconds: how fast it starts on a machine that is not busy. */
  readonly cpuMs: number;
  readonly stdout: () => string;
  /** Sends SIGTERM and resolves with the status. */
  stop(): Promise<number | null>;
}

export async function stageImage(): Promise<StagedImage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-image-'));
  const out = path.join(folder, 'out');
  await run(process.execPath, ['scripts/stage-image.mjs', out], { timeout: 120_000 });
  const app = path.join(out, 'server', 'app');
  // The clone's own may be in a folder that another user can't enter.
  const node = path.join(folder, 'node');
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  await chmod(folder, 0o755);
  const files = path.join(folder, 'files');
  await cp('examples/boards', path.join(files, 'boards'), { recursive: true });

  function launch(args: readonly string[], env: Environment) {
    for (const [name, value] of Object.entries(env)) if (/KEY$|SECRET/.test(name)) collectSecret(value);
    const child = spawn(node, [path.join(app, 'starling.mjs'), ...args], {
      ...user,
      cwd: app,
      env: { NODE_ENV: 'production', METRICS_PORT: '0', DRAIN_DELAY_MS: '0', DRAIN_SECONDS: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const endWithProcess = () => child.kill('SIGKILL');
    process.once('exit', endWithProcess);
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const ended = once(child, 'close').then(() => {
      clearTimeout(timer);
      process.removeListener('exit', endWithProcess);
      collectLog(`image ${args[0] ?? ''}`, written.stderr);
      return child.exitCode;
    });
    return { child, written, ended, timer };
  }

  return {
    app,
    standalone: path.join(out, 'standalone', 'app'),
    files,
    async run(args, env = {}) {
      const { written, ended } = launch(args, env);
      const status = await ended;
      return { status, ...written };
    },
    async start(args, readyText, env = {}) {
      const { child, written, ended, timer } = launch(args, env);
      const isReady = () => written.stdout.includes(readyText);
      while (!isReady()) {
        const more = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
        if (!more && !isReady())
          throw new Error(`${args.join(' ')} ended before "${readyText}":\n${written.stdout}${written.stderr}`);
      }
      clearTimeout(timer);
      return {
        cpuMs: await cpuMsOf(child.pid!),
        stdout: () => written.stdout,
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Of a process and its threads, as Linux counts it: in hundredths of a second. 0 where there is no /proc. */
async function cpuMsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}
