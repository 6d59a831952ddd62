// k6, against the main release.
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureK6 } from '../../scripts/tools/k6.mjs';
import { root, start, until } from './command.mjs';
import { main, secrets } from './release.mjs';

/**
 * Starts a script of load-tests/. `publishing` resolves when events are published, `done` with the summary when the run is over, whether what it
 * demands holds or not.
 */
export async function startLoadTest({ kubernetes, options }, script, settings) {
  const k6 = await ensureK6();
  const out = mkdtempSync(path.join(tmpdir(), 'starling-k6-'));
  const address = options.url
    ? { BASE_URL: options.url }
    : {
        GRAPHQL_URL: `http://${await kubernetes.address(`${main}-api`)}/graphql`,
        REALTIME_URL: `ws://${await kubernetes.address(`${main}-gateway`)}/graphql/realtime`,
      };
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
  const began = Date.now();
  const failed = program.ended.then((status) => {
    throw new Error(
      `k6 has ended with ${status} before it published:\n${program.output.trim().split('\n').slice(-8).join('\n')}`,
    );
  });
  failed.catch(() => undefined);
  return {
    publishing: Promise.race([failed, publishingSince(kubernetes, began, program)]),
    done: program.ended.then(async () => {
      const text = await readFile(path.join(out, `${script}.json`), 'utf8').catch(() => {
        throw new Error(`k6 has left no summary:\n${program.output.trim().split('\n').slice(-8).join('\n')}`);
      });
      return JSON.parse(text);
    }),
    stop: () => program.kill('SIGINT'),
  };
}

/** k6 says when it begins; the script's plan says the rest. */
async function publishingSince(kubernetes, began, program) {
  const [, seconds] = await until('k6 has set up', () => /between ([\d.]+) and/.exec(program.output) ?? undefined, {
    timeoutMs: 60_000,
  });
  const at = Date.now() + Number(seconds) * 1_000;
  await until('k6 publishes', () => Date.now() >= at, { timeoutMs: 600_000, everyMs: 200 });
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
