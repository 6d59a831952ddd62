import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startProgram } from '#libs/testing';

/** From starting the built program to its "ready", with everything installed: the first time, and with data that is there. */
const runs = 5;

const folder = await mkdtemp(path.join(tmpdir(), 'starling-bench-'));
const seconds: { first: number; later: number[] } = { first: 0, later: [] };
for (let run = 0; run <= runs; run += 1) {
  const [port, tlsPort, cognitoPort] = await freePorts(3);
  const began = performance.now();
  const program = await startProgram({
    script: 'dist/apps/standalone/src/main.js',
    args: ['examples/tasks', '--data', folder],
    env: { PORT: String(port), TLS_PORT: String(tlsPort), COGNITO_PORT: String(cognitoPort) },
    readyText: 'Stop with Ctrl-C.',
  });
  const took = (performance.now() - began) / 1000;
  if (run === 0) seconds.first = took;
  else seconds.later.push(took);
  await program.stop();
}
await rm(folder, { recursive: true, force: true });
seconds.later.sort((a, b) => a - b);
const median = seconds.later[Math.floor(runs / 2)]!;
console.table([
  {
    'npm start to ready, seconds': 'examples/tasks',
    first: seconds.first.toFixed(2),
    'later, median': median.toFixed(2),
    target: 5,
  },
]);
