import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BenchOptions, Row } from '../measure/row.js';
import { readArguments, usage } from './arguments.js';
import { formatTable } from './table.js';

/** The table of what the fan-out is to reach, in its order. `--quick` runs these. */
const fanOut = [
  'broadcast',
  'selective',
  'filter-index',
  'projection',
  'idle-memory',
  'storm',
  'churn',
  'slow-readers',
];

/** Longest time one benchmark may take, in milliseconds: seconds and minutes on a machine of its own, far more on a busy one. */
const patienceMs = { quick: 5 * 60_000, whole: 30 * 60_000 };

const folder = path.dirname(import.meta.dirname);
const available = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => path.basename(file, '.js'))
  .sort((a, b) => orderOf(a) - orderOf(b));

let running: ReturnType<typeof fork> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    running?.kill('SIGTERM');
    process.exit(1);
  });
}

if (process.argv.includes('--help')) process.stdout.write(usage);
else {
  await run().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

async function run(): Promise<void> {
  const { words, isQuick, isJson, isStrict, profileFolder } = readArguments(process.argv.slice(2));
  const names = available.filter((name) =>
    words.length > 0 ? words.some((word) => name.includes(word)) : !isQuick || fanOut.includes(name),
  );
  if (names.length === 0) throw new Error(`No benchmark has such a name. There are: ${available.join(', ')}`);
  const report = isJson ? process.stderr : process.stdout;
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const name of names) {
    process.stderr.write(`${name}...\n`);
    const began = performance.now();
    try {
      const measured = await runOne(name, { isQuick, profileFolder });
      rows.push(...measured);
      report.write(`${name}, ${Math.round((performance.now() - began) / 1_000)} s\n\n${formatTable(measured)}\n\n`);
    } catch (error) {
      // What it said itself stands above. The others are still worth their time.
      failures.push((error as Error).message);
      report.write(`${failures.at(-1)}\n\n`);
    }
  }
  const missed = rows.filter(({ met }) => met === false).length;
  report.write(`${rows.filter(({ met }) => met).length} targets met, ${missed} missed, ${failures.length} failed\n`);
  if (isJson) process.stdout.write(`${JSON.stringify({ workloads: rows })}\n`);
  if (failures.length > 0 || (isStrict && missed > 0)) process.exitCode = 1;
}

/** Each in a process of its own: what one leaves in the heap must not slow the next. */
function runOne(name: string, options: BenchOptions): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(
      path.join(import.meta.dirname, 'one.js'),
      [path.join(folder, `${name}.js`), JSON.stringify(options)],
      {
        execArgv: ['--expose-gc', '--max-old-space-size=6144'],
        // Rows come over the channel; standard output is for our own.
        stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      },
    );
    running = child;
    let rows: readonly Row[] | undefined;
    const timer = setTimeout(() => child.kill('SIGTERM'), options.isQuick ? patienceMs.quick : patienceMs.whole);
    child.once('message', (message) => (rows = message as readonly Row[]));
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      if (rows) resolve(rows);
      else reject(new Error(`${name} failed (${signal ?? `status ${status}`})`));
    });
  });
}

function orderOf(name: string): number {
  const index = fanOut.indexOf(name);
  return index < 0 ? fanOut.length : index;
}
