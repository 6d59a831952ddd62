import { onTestFinished } from 'vitest';
import { freePorts, startProgram } from '#libs/testing';
import type { Program } from '#libs/testing';

export const apiKey = 'da2-of-a-process-of-its-own';

/** An api or a gateway as it is deployed. */
export interface Process {
  readonly program: Program;
  readonly port: number;
  /** Status and body of a path of the metrics port. */
  ask(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** The value of a series. */
  metric(series: string): Promise<number | undefined>;
  /** Sends SIGTERM; does not wait. */
  terminate(): void;
  /** What it has logged, oldest first. */
  records(): readonly Readonly<Record<string, unknown>>[];
}

/** Starts one of examples/boards; it is killed after the test. */
export async function startProcess(app: 'api' | 'gateway', env: Readonly<Record<string, string>>): Promise<Process> {
  const [port, metricsPort] = (await freePorts(2)) as [number, number];
  const program = await startProgram({
    script: `dist/apps/${app}/src/main.js`,
    env: {
      STARLING_API: 'examples/boards',
      STARLING_API_KEY: apiKey,
      NEXT_TOKEN_SECRET: 'a secret of thirty-two characters',
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metricsPort),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...env,
    },
    readyText: 'is listening',
  });
  onTestFinished(async () => void (await program.stop('SIGKILL')));
  const ask: Process['ask'] = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  return {
    program,
    port,
    ask,
    async metric(series) {
      const { body } = await ask('/metrics');
      const line = body.split('\n').find((one) => one.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length));
    },
    terminate: () => void process.kill(program.pid, 'SIGTERM'),
    records: () =>
      program
        .stdout()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}
