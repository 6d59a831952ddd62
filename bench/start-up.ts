import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startProgram } from '#libs/testing';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';

/** From starting the built program to its "ready", with everything installed: the first time, and with data that is there. */
const runs = 5;

const maxSeconds = 5;

export async function measure(): Promise<readonly Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-bench-'));
  const seconds: number[] = [];
  for (let run = 0; run <= runs; run += 1) seconds.push(await secondsToReady(folder));
  await rm(folder, { recursive: true, force: true });
  const [first, ...later] = seconds;
  const name = 'npm start to ready';
  return [
    row({ name: `${name}, the first time`, figure: first!, unit: 'seconds' }),
    row({ name: `${name}, later`, figure: median(later), unit: 'seconds', target: { atMost: maxSeconds } }),
  ];
}

async function secondsToReady(folder: string): Promise<number> {
  const [port, tlsPort, cognitoPort] = await freePorts(3);
  const began = performance.now();
  const program = await startProgram({
    script: 'dist/apps/standalone/src/main.js',
    args: ['examples/tasks', '--data', folder],
    env: { PORT: String(port), TLS_PORT: String(tlsPort), COGNITO_PORT: String(cognitoPort) },
    readyText: 'Stop with Ctrl-C.',
  });
  const took = (performance.now() - began) / 1_000;
  await program.stop();
  return took;
}
