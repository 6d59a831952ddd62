import { sleep, until } from '../command.mjs';
import { applyCustomResources } from '../custom-resources.mjs';
import { broken, told, withLoad } from '../load-test.mjs';
import { withPrometheus } from '../prometheus.mjs';
import { main, merge } from '../release.mjs';

/** Lower load for so long takes a pod away: far less than the chart's default, for a run that ends. */
const scaleDownAfterSeconds = 30;

/** Connections of the load; the query must see as many. */
const connections = 60;

export const autoscaling = {
  name: 'autoscaling',
  title: 'HPA: by CPU from 2 to 3 and back; by connections',
  async run(context) {
    return `${await byCpu(context)}; ${await byConnections(context)}`;
  },
};

async function byCpu(context) {
  const { kubernetes, releases } = context;
  await releases.ensureMain();
  // From before it is switched on: that must not take pods away.
  const changes = watchReplicas(kubernetes);
  try {
    return await scaleByCpu(context, changes);
  } finally {
    await changes.stop();
  }
}

async function scaleByCpu(context, changes) {
  const { kubernetes, releases, check } = context;
  // 100 thousandths of a core are requested, so that a few hundred mutations a second are too many for two pods.
  const enabled = { enabled: true, minReplicas: 2, maxReplicas: 3, cpuUtilization: 70, scaleDownAfterSeconds };
  await releases.ensureMain({ api: { autoscaling: enabled } });
  await until(
    'the autoscaler has figures',
    async () => {
      const { status } = await kubernetes.get('hpa', `${main}-api`);
      return status.conditions?.some(({ type, status: is }) => type === 'ScalingActive' && is === 'True');
    },
    { timeoutMs: 120_000 },
  );
  await until('two api pods', async () => (await replicasOf(kubernetes)) === 2, { timeoutMs: 180_000 });

  const settings = { CONNECTIONS: connections, RATE: 250, PUBLISHERS: 20, DURATION: '1m30s', P99_MS: 5_000 };
  const summary = await withLoad(context, 'rolling-restart', settings, ({ done }) => done);
  // No gateway is restarted, so that no connection need be closed.
  for (const condition of broken(summary, ['closes'])) check(false, `while pods came and went: ${condition}`);
  await until('back at two api pods', async () => (await replicasOf(kubernetes)) === 2, { timeoutMs: 240_000 });
  await sleep(5_000);
  const steps = await changes.stop();
  const path = steps.map(({ replicas }) => replicas).join(' → ');
  check(path === '2 → 3 → 2', `the number of api pods went ${path}`);
  return `api ${steps.map(({ replicas, seconds }) => `${replicas} at ${seconds.toFixed(0)} s`).join(', ')}; ${told(summary)}`;
}

const replicasOf = async (kubernetes) => (await kubernetes.get('deployment', `${main}-api`)).spec.replicas;

/** Every number of pods that is wanted, and since when. */
function watchReplicas(kubernetes) {
  const began = Date.now();
  const steps = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const replicas = await replicasOf(kubernetes).catch(() => steps.at(-1)?.replicas);
      if (replicas !== steps.at(-1)?.replicas) steps.push({ replicas, seconds: (Date.now() - began) / 1_000 });
      await sleep(1_000);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return steps;
    },
  };
}

async function byConnections(context) {
  const { kubernetes, releases, check } = context;
  const values = await releases.mainValues();
  const of = (type) => ({
    gateway: { autoscaling: { enabled: true, type, keda: { serverAddress: 'http://prometheus:9090' } } },
  });
  const custom = (await releases.render(main, merge(values, of('custom')))).find(
    ({ kind }) => kind === 'HorizontalPodAutoscaler',
  );
  await kubernetes.accepted(custom);
  await applyCustomResources(kubernetes);
  const scaled = (await releases.render(main, merge(values, of('keda')))).find(({ kind }) => kind === 'ScaledObject');
  await kubernetes.accepted(scaled);

  const { query } = scaled.spec.triggers.find(({ type }) => type === 'prometheus').metadata;
  await kubernetes.rolledOut(`deployment/${main}-gateway`);
  // Long enough for Prometheus to begin; it ends as soon as the query has answered.
  const settings = { CONNECTIONS: connections, RATE: 1, DURATION: '1m' };
  return withLoad(context, 'rolling-restart', settings, async (load) => {
    await load.publishing;
    const seen = await withPrometheus(kubernetes, (prometheus) => countBy(prometheus, query));
    check(seen.includes(connections), `${query} answers ${JSON.stringify(seen)}, with ${connections} connections`);
    return `by connections: HPA and ScaledObject accepted, the query answers ${seen.join(', ')} in Prometheus`;
  });
}

/** What a query answers as soon as that is all connections, or at last. */
async function countBy(prometheus, query) {
  const hasAll = async () => {
    const seen = await prometheus.query(query);
    return seen.includes(connections) && seen;
  };
  return until('the query sees all connections', hasAll, { timeoutMs: 20_000 }).catch(() => prometheus.query(query));
}
