import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installDebianPackage } from './debian-package.js';
import { freePorts } from './free-port.js';
import { findOnPath } from './on-path.js';

const run = promisify(execFile);

/** Time for Prometheus to serve, in milliseconds: seconds on a busy build machine. */
const startTimeoutMs = 20_000;

/** Time that promtool may take, in milliseconds. */
const promtoolTimeoutMs = 60_000;

/** One time series of an answer. */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus of one test, on loopback. */
export interface PrometheusServer {
  readonly url: string;
  /** What an expression is now. Rejects with Prometheus's own words where it is none. */
  query(expression: string): Promise<readonly PrometheusSample[]>;
  /** Alerts that are pending or firing. */
  alerts(): Promise<
    readonly { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }[]
  >;
  stop(): Promise<void>;
}

/** Starts Prometheus with this configuration (JSON is YAML). Resolves when it serves. */
export async function startPrometheus(configuration: object): Promise<PrometheusServer> {
  const program = await prometheusProgram('prometheus');
  const [port] = (await freePorts(1)) as [number];
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-prometheus-'));
  const file = path.join(folder, 'prometheus.yaml');
  await writeFile(file, JSON.stringify(configuration));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    program,
    [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(url, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`Prometheus did not start:\n${Buffer.concat(said).toString()}`, { cause: error });
  }
  return {
    url,
    async query(expression) {
      const data = await ask(`${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
      const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] };
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async alerts() {
      const { alerts } = (await ask(`${url}/api/v1/alerts`)) as { alerts: [] };
      return alerts;
    },
    stop,
  };
}

/** Runs promtool, which comes with Prometheus. Rejects with what it wrote when it fails. */
export async function runPromtool(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(await prometheusProgram('promtool'), args, { timeout: promtoolTimeoutMs });
  return stdout;
}

/** The one on PATH, else that of Debian's package. */
async function prometheusProgram(name: 'prometheus' | 'promtool'): Promise<string> {
  const found = (await findOnPath(name)) ?? ((await installDebianPackage('prometheus')) && (await findOnPath(name)));
  if (!found) throw new Error(`No ${name} on PATH: install the package "prometheus".`);
  return found;
}

async function untilReady(url: string, isOver: () => boolean): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (isOver() || Date.now() > deadline) throw new Error('It is not ready.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(url: string): Promise<unknown> {
  const answer = (await (await fetch(url)).json()) as { status: string; data: unknown; error?: string };
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data;
}
