import { projectNode } from '../../../scripts/prepare.mjs';
import { all, endOf, start, until } from '../command.mjs';
import { isReady } from '../kubernetes.mjs';
import { broken, told, withLoad } from '../load-test.mjs';
import { main, merge, secrets } from '../release.mjs';

/** Short, for a run that ends; what is shown is that versions understand each other. */
const pace = {
  api: { minReadySeconds: 3, drainDelaySeconds: 3, drainSeconds: 10 },
  gateway: { minReadySeconds: 5, drainDelaySeconds: 3, drainSeconds: 10 },
};

/** Entries of the newer version have a trace context, which nobody collects here; those of the older have none. */
const tracing = { env: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://127.0.0.1:4318' }] };

const components = ['api', 'gateway'];

export const upgrade = {
  name: 'upgrade',
  title: 'Upgrade N → N+1 and rollback under load, two versions at once',
  async run(context) {
    const { kubernetes, releases, images, check } = context;
    await releases.prepare();
    const older = await valuesOf(context, await images.previous());
    const newer = merge(await valuesOf(context, await images.starling()), tracing);
    await kubernetes.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'definition-of-both' },
      data: Object.fromEntries((await filesOf(releases)).map(([path, text]) => [keyOf(path), text])),
    });
    await releases.install(main, older);
    await settled(kubernetes);

    const settings = {
      CONNECTIONS: 500,
      DURATION: '3m30s',
      GATEWAYS: 2,
      DRAIN_SECONDS: 10,
      // Twice, and paused in the middle of each.
      RESTART_WITHIN: '5m',
    };
    const { there, back, summary } = await withLoad(context, 'rolling-restart', settings, async (load) => {
      await load.publishing;
      return {
        there: await change(context, 'upgrade', () => releases.install(main, newer, [])),
        back: await change(context, 'rollback', () => releases.helm('rollback', main)),
        summary: await load.done,
      };
    });
    for (const condition of broken(summary)) check(false, condition);
    return `${there}; ${back}; ${told(summary)}, ${summary.counts.missedWhileAway} between two connections`;
  },
};

/** Values whose definition older versions can read as well: a folder, which a ConfigMap is with its paths written out. */
async function valuesOf({ releases }, image) {
  const items = (await filesOf(releases)).map(([path]) => ({ key: keyOf(path), path }));
  const values = await releases.mainValues(image);
  delete values.definition;
  return merge(values, pace, { definition: { volume: { configMap: { name: 'definition-of-both', items } } } });
}

const filesOf = async (releases) => Object.entries((await releases.definition('load-tests/api')).definition.files);

const keyOf = (path) => path.replaceAll('/', '__');

async function settled(kubernetes) {
  for (const component of components) await kubernetes.rolledOut(`deployment/${main}-${component}`);
}

/** Begins a change of version, stops it while both are there, lets every api speak to every gateway, and goes on. */
async function change(context, name, begin) {
  const { kubernetes } = context;
  await begin();
  const paused = [];
  let heard;
  try {
    for (const component of components) {
      await kubernetes.kubectl('rollout', 'pause', `deployment/${main}-${component}`);
      paused.push(component);
    }
    heard = await hear(context, name);
  } finally {
    // Whatever came of it: the rows that follow need Deployments that move.
    await all(paused.map((component) => kubernetes.kubectl('rollout', 'resume', `deployment/${main}-${component}`)));
  }
  await settled(kubernetes);
  return `${name}: ${heard} of 4 pairs of an api and a gateway of either version understand each other`;
}

/** Lets every api speak to every gateway, and answers how many pairs understood each other. */
async function hear({ kubernetes, check }, name) {
  const mixed = await until('two versions are ready at once', () => versions(kubernetes), { timeoutMs: 90_000 });
  let heard = 0;
  for (const from of mixed.api) {
    for (const to of mixed.gateway) {
      const said = await tell(kubernetes, from.pod, to.pod);
      if (/The event has arrived/.test(said)) heard += 1;
      else
        check(
          false,
          `${name}: what api ${from.image} published did not reach gateway ${to.image}: ${said.trim().split('\n').at(-1)}`,
        );
    }
  }
  return heard;
}

/** A ready pod of each version of both; nothing while there are not two. */
async function versions(kubernetes) {
  const found = {};
  for (const component of components) {
    const byImage = new Map();
    for (const pod of (await kubernetes.pods(main, component)).filter(isReady))
      byImage.set(pod.spec.containers[0].image, pod.metadata.name);
    if (byImage.size < 2) return undefined;
    found[component] = [...byImage].map(([image, pod]) => ({ image, pod }));
  }
  return found;
}

/** Runs what `helm test` runs, between one api pod and one gateway pod. Answers what it says. */
async function tell(kubernetes, api, gateway) {
  const ports = [
    [api, 4000],
    [gateway, 4001],
  ];
  return kubernetes.withForwards(ports, async ([toApi, toGateway]) => {
    const board = `${api}-${gateway}`;
    const env = {
      API_URL: `http://127.0.0.1:${toApi}/graphql`,
      REALTIME_URL: `ws://127.0.0.1:${toGateway}/graphql/realtime`,
      SUBSCRIPTION: 'subscription($boards: [ID!]!) { onTaskCreated(boardIds: $boards) { boardId } }',
      MUTATION: 'mutation($task: NewTask!) { createTask(task: $task) { boardId } }',
      VARIABLES: JSON.stringify({ boards: [board], task: { boardId: board, sequence: 1, sentAt: 0 } }),
      CREDENTIALS_HEADER: 'x-api-key',
      CREDENTIALS: secrets.STARLING_API_KEY,
      TIMEOUT_SECONDS: '15',
    };
    const program = start(projectNode, ['helm/starling/files/test.mjs'], { env });
    await endOf(program, 'The test between two pods', 60_000);
    return program.output;
  });
}
