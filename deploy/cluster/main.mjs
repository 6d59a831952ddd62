// deploy/verify-cluster.
import process from 'node:process';
import { prepare } from '../../scripts/prepare.mjs';
import { readOptions, usage } from './options.mjs';

const names = [
  'install',
  'stories',
  'soak',
  'rolling-restart',
  'kills',
  'autoscaling',
  'policies',
  'upgrade',
  'bad-input',
];

const say = (text) => process.stderr.write(`${text}\n`);

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    say('Ended early: the namespace and the cluster stay as they are.');
    process.exit(status);
  });
}

try {
  const options = readOptions(process.argv.slice(2), names);
  if (options.help) process.stdout.write(usage.replace('ROWS', names.map((name) => `  ${name}`).join('\n')));
  else process.exitCode = await verify(options);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}

async function verify(options) {
  await prepare();
  // After the packages that they need are there.
  const { rows } = await import('./rows/index.mjs');
  const { openCluster } = await import('./cluster.mjs');
  const { contextOf, runRow } = await import('./context.mjs');
  const { lineOf, writeGuide } = await import('./summary.mjs');
  const cluster = await openCluster(options);
  const context = contextOf(options, cluster);
  const results = [];
  try {
    for (const row of rows.filter(({ name }) => options.rows.includes(name))) {
      say(`${new Date().toISOString().slice(11, 19)} ${row.name} …`);
      const result = await runRow(row, context);
      results.push(result);
      process.stdout.write(`${lineOf(result)}\n`);
    }
    if (options.write) writeGuide(results, { titles: rows.map(({ title }) => title), ...(await context.facts()) });
  } finally {
    if (!options.keep) {
      await context.kubernetes.kubectl(
        'delete',
        'namespace',
        options.namespace,
        '--ignore-not-found',
        '--timeout=180s',
      );
      await cluster.close();
    }
  }
  const failed = results.filter(({ faults }) => faults.length > 0).length;
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
