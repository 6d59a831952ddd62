import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { collectLog, collectSecret } from './suite-log.js';

/** The repository, whether this runs from source or from dist. */
const root = findRoot(import.meta.dirname);

/** Longest wait for a program to be ready or to end, in milliseconds; above what a busy machine of two cores needs. */
const timeoutMs = 30_000;

export interface ProgramOptions {
  /** Script under the repository's root. Programs of the project stand in dist, which `npm test` builds. */
  readonly script: string;
  readonly args?: readonly string[];
  /** The whole environment but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text on standard output that says it is ready. */
  readonly readyText: string;
}

/** A program of the project, as a process of its own. */
export interface Program {
  readonly pid: number;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit status when it has ended, by itself or not; null after a signal it did not handle. */
  readonly ended: Promise<number | null>;
  /** Resolves when the text stands on standard output. */
  waitForOutput(text: string): Promise<void>;
  /** Sends a signal (default SIGTERM) and resolves with the exit status when it has ended; null after a signal it did not handle. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What a program that has ended left. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program and resolves when it is ready. Rejects with what it wrote when it ends before. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const program = launch(options);
  try {
    await program.waitForOutput(options.readyText);
  } catch (error) {
    await program.stop('SIGKILL');
    throw error;
  }
  return program;
}

/** Runs a program to its end. Rejects when it does not end in time. */
export async function runProgram(options: Omit<ProgramOptions, 'readyText'>): Promise<Ended> {
  const program = launch(options);
  const timer = setTimeout(() => void program.stop('SIGKILL'), timeoutMs);
  const status = await program.ended;
  clearTimeout(timer);
  return { status, stdout: program.stdout(), stderr: program.stderr() };
}

function launch({ script, args = [], env = {} }: Omit<ProgramOptions, 'readyText'>): Program {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    // Two of a kind on one machine would want the same port for their metrics; and no test waits for others to go elsewhere, unless
    // that is what it is about.
    env: { PATH: process.env.PATH, METRICS_PORT: '0', DRAIN_DELAY_MS: '0', DRAIN_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const [name, value] of Object.entries(env)) if (secretNames.test(name)) collectSecret(value);
  const written = { stdout: '', stderr: '' };
  let isClosed = false;
  let wake = (): void => undefined;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      wake();
    });
  }
  const ended = once(child, 'close').then(() => {
    isClosed = true;
    collectLog(script, logLines(written.stdout) + written.stderr);
    wake();
    return child.exitCode;
  });
  return {
    pid: child.pid!,
    ended,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async waitForOutput(text) {
      const deadline = Date.now() + timeoutMs;
      while (!written.stdout.includes(text)) {
        if (isClosed || Date.now() > deadline) {
          throw new Error(
            `${script} ${isClosed ? 'ended' : 'did not write'} before "${text}":\n${written.stdout}${written.stderr}`,
          );
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadline - Date.now());
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async stop(signal = 'SIGTERM') {
      if (!isClosed) child.kill(signal);
      return ended;
    },
  };
}

/** What a program is given that it must not log. */
const secretNames = /KEY$|SECRET|TOKEN|PASSWORD/;

/** The records on standard output. What else stands there is meant to be read, as is the key in the banner of `npm start`. */
function logLines(stdout: string): string {
  return stdout.replace(/^(?!\{"level":).*\n?/gm, '');
}

function findRoot(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findRoot(path.dirname(folder));
}
