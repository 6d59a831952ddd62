// k6, against the main release.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureK6 } from '../../scripts/tools/k6.mjs';
import { endOf, lastLines, root, start, temporaryFolder, until } from './command.mjs';
import { main, secrets } from './release.mjs';

/** Time that k6 has to close its connections and to write its summary once it is told to end, in milliseconds. */
const endWithinMs = 20_000;

/**
 * Runs a script of load-tests/ beside `use`, and answers what that answers. `use` is given `publishing`, which resolves when events are published,
 * and `done`, with the summary when the run is over, whether what it demands holds or not. k6 has ended when this has, whatever `use` throws.
 */
export async function withLoad(context, script, settings, use) {
  return useLoad(await startK6(context, script, settings), use);
}

async function startK6({ kubernetes, options }, script, settings) {
  const k6 = await ensureK6();
  const address = options.url
    ? { BASE_URL: options.url }
    : {
        GRAPHQL_URL: `http://${await kubernetes.address(`${main}-api`)}/graphql`,
        REALTIME_URL: `ws://${await kubernetes.address(`${main}-gateway`)}/graphql/realtime`,
      };
  const out = temporaryFolder('k6');
  const all = { API_KEY: secrets.STARLING_API_KEY, OUT: out, ...address, ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const file = path.join(root, 'load-tests', `${script}.js`);
  // A connection is a file descriptor; the usual limit is a thousand.
  const program = start('bash', [
    '-c',
    'ulimit -n "$(ulimit -Hn)"; exec "$@"',
    'k6',
    k6,
    'run',
    '--quiet',
    ...flags,
    file,
  ]);
  return { program, summary: path.join(out, `${script}.json`) };
}

/** As `withLoad`, of a k6 that runs; `summary` is the file that it leaves. */
export async function useLoad({ program, summary }, use) {
  const publishing = publishingSince(program);
  const done = program.ended.then(async () => {
    const text = await readFile(summary, 'utf8').catch((cause) => {
      throw new Error(`k6 has left no summary:\n${lastLines(program)}`, { cause });
    });
    return JSON.parse(text);
  });
  // A row need not wait for either, or throws before it does.
  publishing.catch(() => undefined);
  done.catch(() => undefined);
  try {
    return await use({ publishing, done });
  } finally {
    if (program.status === undefined) await end(program);
  }
}

async function end(program) {
  program.kill('SIGINT');
  await endOf(program, 'The end of k6', endWithinMs).catch(() => undefined);
}

/** k6 says when it begins; the script's plan says the rest. */
async function publishingSince(program) {
  const began = Date.now();
  const [, seconds] = await until('k6 has set up', () => /between ([\d.]+) and/.exec(program.output) ?? undefined, {
    of: program,
  });
  const at = Date.now() + Number(seconds) * 1_000;
  await until('k6 publishes', () => Date.now() >= at, { timeoutMs: 600_000, everyMs: 200, of: program });
  return Date.now() - began;
}

/** Conditions of a run that do not hold, in words, without those on these metrics. */
export function broken(summary, except = []) {
  return summary.conditions
    .filter(({ metric, holds }) => !holds && !except.includes(metric))
    .map(({ metric, condition, value }) => `${metric} ${condition}, it is ${value}`);
}

/** Counts and percentiles that every row with load tells. */
export function told({ counts, timesMs }) {
  const { 'p(99)': p99, max } = timesMs.publishToReceive;
  return `${counts.published} events, ${counts.deliveries} deliveries: ${counts.lost} lost, ${counts.repeated} repeated, ${counts.unordered} out of order; p99 ${Math.round(p99)} ms, max ${Math.round(max)} ms`;
}
