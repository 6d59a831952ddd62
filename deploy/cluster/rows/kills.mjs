import { sleep, until } from '../command.mjs';
import { isReady, readySince } from '../kubernetes.mjs';
import { broken, told, withLoad } from '../load-test.mjs';
import { main } from '../release.mjs';
import { busiest, readRequests } from '../requests.mjs';

/** Connections of each run: a kill is about those of one pod, and about the rest. */
const connections = 1_000;

/** What a gateway waits before it says that its log is silent (10 s), the kubelet's two probes, and a busy machine. */
const unreadyWithinMs = 30_000;
const readyWithinMs = 30_000;

export const kills = {
  name: 'kills',
  title: '`kubectl delete pod --force` of a gateway, of an api, of Redis',
  async run(context) {
    await context.releases.ensureMain();
    const seen = [
      await killGateway(context),
      await killApi(context),
      await killRedis(context),
      await takeRedisAway(context),
    ];
    return seen.join('; ');
  },
};

/** Runs k6, kills a pod meanwhile, the one that `choose` names or any, and waits until there is another one that is ready. */
async function killUnderLoad(context, component, { choose, ...more } = {}) {
  const settings = {
    CONNECTIONS: connections,
    DURATION: '40s',
    GATEWAYS: 1,
    DRAIN_SECONDS: 5,
    ALLOW_ABRUPT: true,
    // Half of the clients shake hands at once, next to k6: what is asked here is whether anything is lost.
    P99_MS: 5_000,
    ...more,
  };
  return withLoad(context, 'rolling-restart', settings, async (load) => {
    await load.publishing;
    await sleep(5_000);
    const seconds = await kill(context.kubernetes, component, choose);
    return { summary: await load.done, seconds };
  });
}

/** Answers after how many seconds there was another pod that is ready. */
async function kill(kubernetes, component, choose) {
  const pods = await kubernetes.pods(main, component);
  const name = choose ? await choose() : pods[0].metadata.name;
  const victim = pods.find(({ metadata }) => metadata.name === name);
  await kubernetes.kubectl('delete', 'pod', victim.metadata.name, '--force', '--grace-period=0');
  const killed = Date.now();
  await until(`another ${component} is ready`, async () => {
    const now = await kubernetes.pods(main, component);
    return (
      now.length === pods.length &&
      now.every(isReady) &&
      now.every(({ metadata }) => metadata.uid !== victim.metadata.uid)
    );
  });
  return ((Date.now() - killed) / 1_000).toFixed(0);
}

async function killGateway(context) {
  const { summary, seconds } = await killUnderLoad(context, 'gateway');
  for (const condition of broken(summary)) context.check(false, `gateway: ${condition}`);
  const { counts, timesMs } = summary;
  const closed = Object.values(summary.closes).reduce((sum, count) => sum + count, 0);
  context.check(closed > 0, 'gateway: it had no connection');
  context.check(closed < connections, 'gateway: connections of the other gateway were closed too');
  context.check(counts.returned === closed, `gateway: ${counts.returned} of ${closed} clients came back`);
  return `gateway: ${closed} clients cut, all back within ${(timesMs.timeAway.max / 1_000).toFixed(1)} s, the new pod ready after ${seconds} s, ${told(summary)}`;
}

async function killApi(context) {
  const before = await readRequests(context.kubernetes);
  let served = 0;
  const choose = async () => {
    const { name, requests } = busiest(before, await readRequests(context.kubernetes));
    served = requests;
    return name;
  };
  const { summary, seconds } = await killUnderLoad(context, 'api', { choose });
  context.check(served > 0, 'api: neither pod had answered a request');
  for (const condition of broken(summary, ['closes'])) context.check(false, `api: ${condition}`);
  const closed = Object.values(summary.closes).reduce((sum, count) => sum + count, 0);
  context.check(closed === 0, `api: ${closed} connections were closed`);
  return `api: killed after ${served} requests, no connection closed, ${summary.counts.unacknowledged} mutations without an answer, the new pod ready after ${seconds} s, ${told(summary)}`;
}

async function killRedis(context) {
  // What waits for Redis comes late, and is not lost.
  const { summary, seconds } = await killUnderLoad(context, 'redis', { P99_MS: 30_000 });
  // Publishers wait for their answers while it is away, so that fewer events are published than the run asks for.
  const except = ['closes', 'events_published'];
  for (const condition of broken(summary, except)) context.check(false, `Redis: ${condition}`);
  context.check(summary.counts.deferred > 0, 'Redis: nothing was deferred, so that it was not away');
  const closed = Object.values(summary.closes).reduce((sum, count) => sum + count, 0);
  context.check(closed === 0, `Redis: ${closed} connections were closed`);
  return `Redis: no connection closed, ready again after ${seconds} s, ${summary.counts.deferred} events deferred, ${told(summary)}`;
}

/** For longer than a gateway may be silent: pods must say so, and say when it is over. */
async function takeRedisAway({ kubernetes, check }) {
  const areReady = async (component, wanted) => {
    const pods = await kubernetes.pods(main, component);
    return pods.length === 2 && pods.every((pod) => isReady(pod) === wanted);
  };
  const restarts = async () => {
    const pods = [...(await kubernetes.pods(main, 'gateway')), ...(await kubernetes.pods(main, 'api'))];
    return pods.map(({ metadata, status }) => `${metadata.uid} ${status.containerStatuses[0].restartCount}`).sort();
  };
  // A pod that was not ready for a moment is so since another time.
  const readyApis = async () =>
    (await kubernetes.pods(main, 'api')).map((pod) => `${pod.metadata.uid} ${readySince(pod)}`).sort();
  const before = { restarts: await restarts(), readyApis: await readyApis() };
  await kubernetes.kubectl('scale', `statefulset/${main}-redis`, '--replicas=0');
  await until('Redis is gone', async () => (await kubernetes.pods(main, 'redis')).length === 0);
  const gone = Date.now();
  let unreadyS;
  try {
    await until('gateways without Redis are not ready', () => areReady('gateway', false), {
      timeoutMs: unreadyWithinMs,
    });
    unreadyS = (Date.now() - gone) / 1_000;
    check(await areReady('api', true), 'without Redis an api with room in its queue is not ready');
  } finally {
    await kubernetes.kubectl('scale', `statefulset/${main}-redis`, '--replicas=1');
  }
  await kubernetes.rolledOut(`statefulset/${main}-redis`);
  const back = Date.now();
  await until('gateways with Redis are ready', () => areReady('gateway', true), { timeoutMs: readyWithinMs });
  const readyS = (Date.now() - back) / 1_000;
  check(
    String(await readyApis()) === String(before.readyApis),
    'an api was not ready for a while when Redis was away, or came back',
  );
  check(String(await restarts()) === String(before.restarts), 'pods were restarted while Redis was away');
  return `Redis away: gateways unready after ${unreadyS.toFixed(0)} s, ready ${readyS.toFixed(0)} s after its return, apis ready all along, no pod restarted`;
}
