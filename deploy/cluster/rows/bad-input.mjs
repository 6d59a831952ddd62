import { until } from '../command.mjs';
import { isReady } from '../kubernetes.mjs';
import { main, merge } from '../release.mjs';

/** Values that must be refused, and what is said of them. */
const refused = [
  ['an unknown key', { gateway: { replcas: 3 } }, /'replcas' not allowed/],
  ['a wrong type', { gateway: { replicas: 'many' } }, /gateway\/replicas.*got string, want integer/s],
  ['no Redis', { redis: { trial: { enabled: false } } }, /There is no Redis for the event log\. Set redis\.url/],
  [
    'a grace shorter than the drain',
    { gateway: { terminationGracePeriodSeconds: 30 } },
    /gateway\.terminationGracePeriodSeconds is 30, and a pod needs 75/,
  ],
];

/** A resolver of a field that is not there, so that everything else still is. */
const faulty = (files) => ({
  definition: {
    reloadMs: 0,
    files: {
      'starling.yaml': files['starling.yaml'].replace('fieldName: createTask', 'fieldName: createTsk'),
    },
  },
});

export const badInput = {
  name: 'bad-input',
  title: 'Bad values and definitions',
  async run(context) {
    const { releases, check } = context;
    await releases.prepare();
    const values = await releases.mainValues();
    for (const [what, wrong, sentence] of refused) {
      const said = await releases.refused(merge(values, { fullnameOverride: 'refused' }, wrong));
      check(sentence.test(said), `of ${what} \`helm install\` said: ${said.trim().split('\n').at(-1)}`);
    }
    const { files } = values.definition;
    const first = await firstInstallation(context, merge(values, faulty(files)));
    await upgradeOf(context, merge(values, faulty(files)));
    return `${refused.map(([what]) => what).join(', ')}: refused by \`helm install\`; a definition with a fault: \`${first}\` at the head of the pod's log; in an upgrade the old pods serve on, and a rollback ends it`;
  },
};

/** A release whose definition is wrong from the beginning. Answers the first fault that a pod's log names. */
async function firstInstallation({ kubernetes, releases, check }, values) {
  try {
    await releases.install(
      'faulty',
      merge(values, { fullnameOverride: 'faulty', redis: { trial: { persistence: { enabled: false } } } }),
      [],
    );
    const lines = await until('a pod says what is wrong', async () => {
      const [pod] = await kubernetes.pods('faulty', 'api');
      const text = await kubernetes.kubectl('logs', pod.metadata.name);
      return text.includes('starling.yaml:') ? text.split('\n') : undefined;
    });
    const fault = lines.find((line) => line.includes('starling.yaml:')).trim();
    check(/The API definition .* has \d+ faults?:/.test(lines[0]), `the first line of the log is: ${lines[0]}`);
    check(/starling\.yaml:\d+:\d+.*createTsk/.test(fault), `the fault in the log is: ${fault}`);
    return fault;
  } finally {
    await releases.helm('uninstall', 'faulty', '--ignore-not-found');
  }
}

/** The same in an upgrade. */
async function upgradeOf({ kubernetes, releases, check }, values) {
  await releases.ensureMain({ definition: { reloadMs: 0 } });
  const before = await uids(kubernetes);
  check(before.length === 4, `${before.length} pods were ready before the upgrade, not 4`);
  try {
    await releases.install(main, values, []);
    await failUpgrade({ kubernetes, releases, check }, before);
  } finally {
    // Whatever came of it: the next run of this one begins with pods that are ready.
    await releases.helm('rollback', main);
    for (const component of ['api', 'gateway']) await kubernetes.rolledOut(`deployment/${main}-${component}`);
  }
}

/** New pods fail, those of before serve. */
async function failUpgrade({ kubernetes, releases, check }, before) {
  await until('new pods have failed', async () => {
    const pods = (await kubernetes.pods(main, 'gateway')).filter(({ metadata }) => !before.includes(metadata.uid));
    return pods.some(({ status }) => status.containerStatuses?.[0].restartCount > 0);
  });
  const after = await uids(kubernetes);
  check(
    before.every((uid) => after.includes(uid)),
    'pods with the former definition are gone, or not ready',
  );
  const said = await releases.helm('test', main).catch((error) => error.message);
  check(/Succeeded/.test(said), `during the upgrade \`helm test\` says ${said}`);
}

async function uids(kubernetes) {
  const pods = [...(await kubernetes.pods(main, 'api')), ...(await kubernetes.pods(main, 'gateway'))];
  return pods.filter(isReady).map(({ metadata }) => metadata.uid);
}
