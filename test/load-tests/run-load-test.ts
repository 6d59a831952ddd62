import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Time to build k6 on a new machine, in milliseconds; where it is there already, finding it takes none. */
export const buildTimeoutMs = 500_000;

/** Path of k6; it is made where it is missing. */
export async function findK6(): Promise<string> {
  const { stdout } = await run(process.execPath, [path.join(root, 'scripts', 'tools', 'k6.mjs')], {
    timeout: buildTimeoutMs,
  });
  return stdout.trim();
}

/** The JSON of a run, as far as tests look into it. */
export interface LoadSummary {
  readonly holds: boolean;
  readonly conditions: readonly { readonly metric: string; readonly condition: string; readonly holds: boolean }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly closes: Readonly<Record<string, number>>;
}

export interface LoadRun {
  readonly status: number | null;
  /** What k6 and the script say. */
  readonly said: string;
  /** Undefined where nothing was run. */
  readonly summary: LoadSummary | undefined;
  /** The metrics whose conditions do not hold. */
  readonly broken: readonly string[];
}

export interface LoadRunOptions {
  /** Without `.js`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Told once, when the script has said this. */
  readonly when?: { readonly says: string; readonly then: () => void };
}

/** Runs a script of load-tests as a user does, by `k6 run`, and reads its summary. */
export async function runLoadTest(k6: string, { script, env, when }: LoadRunOptions): Promise<LoadRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-load-'));
  try {
    const args = ['run', '--quiet', '--no-usage-report', '--address', '', `load-tests/${script}.js`];
    const child = spawn(k6, args, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PWD: root, OUT: folder, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    let waiting = when;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!waiting || !said.includes(waiting.says)) return;
      const { then } = waiting;
      waiting = undefined;
      then();
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    const text = await readFile(path.join(folder, `${script}.json`), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    const summary = text === undefined ? undefined : (JSON.parse(text) as LoadSummary);
    const broken = (summary?.conditions ?? []).filter(({ holds }) => !holds).map(({ metric }) => metric);
    return { status, said, summary, broken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
