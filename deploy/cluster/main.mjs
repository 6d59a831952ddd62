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

// Whether or not something is left that would keep the process: nothing of it is of use any more.
process.exit(
  await main().catch((error) => {
    say(error.message);
    return 1;
  }),
);

async function main() {
  const options = readOptions(process.argv.slice(2), names);
  if (!options.help) return verify(options);
  process.stdout.write(usage.replace('ROWS', names.map((name) => `  ${name}`).join('\n')));
  return 0;
}

async function verify(options) {
  await prepare();
  // After the packages that they need are there.
  const { openCluster } = await import('./cluster.mjs');
  const { contextOf } = await import('./context.mjs');
  const { changedSince, currentCommit } = await import('./sources.mjs');
  const commit = options.write && (await currentCommit());
  /** The guide names a commit: it must be what was run. */
  const demandUnchanged = async () => {
    const changed = options.write ? await changedSince(commit) : [];
    if (changed.length === 0) return;
    throw new Error(
      `--write names the commit ${commit.slice(0, 7)}, and this clone differs from it: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ', …' : ''}. Nothing is written: commit or put away what differs, or leave out --write.`,
    );
  };
  await demandUnchanged();
  const cluster = await openCluster(options);
  try {
    const context = contextOf(options, cluster);
    await context.kubernetes.claimNamespace();
    try {
      return await runRows(context, demandUnchanged);
    } finally {
      if (!options.keep) await context.kubernetes.deleteNamespace();
    }
  } finally {
    if (!options.keep) await cluster.close();
  }
}

async function runRows(context, demandUnchanged) {
  const { rows } = await import('./rows/index.mjs');
  const { runRow } = await import('./context.mjs');
  const { lineOf, writeGuide } = await import('./summary.mjs');
  const { options } = context;
  // Before the rows: the commit may move on while they run.
  const facts = options.write && (await context.facts());
  const results = [];
  for (const row of rows.filter(({ name }) => options.rows.includes(name))) {
    say(`${new Date().toISOString().slice(11, 19)} ${row.name} …`);
    const result = await runRow(row, context);
    results.push(result);
    process.stdout.write(`${lineOf(result)}\n`);
  }
  const failed = results.filter(({ faults }) => faults.length > 0).length;
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  if (options.write) {
    await demandUnchanged();
    writeGuide(results, { titles: rows.map(({ title }) => title), ...facts });
  }
  return failed === 0 ? 0 : 1;
}
