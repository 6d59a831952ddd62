import { sleep } from '../command.mjs';
import { broken, told, withLoad } from '../load-test.mjs';
import { main } from '../release.mjs';

export const rollingRestart = {
  name: 'rolling-restart',
  title: '`kubectl rollout restart` of the gateways under that load',
  async run(context) {
    const { kubernetes, releases, options, check } = context;
    // A minute of drain is the chart's default; less shows the same, sooner.
    const drainSeconds = options.quick ? 15 : 60;
    await releases.ensureMain(options.quick ? { gateway: { drainSeconds, minReadySeconds: 10 } } : {});
    const settings = {
      CONNECTIONS: options.connections,
      DURATION: options.quick ? '1m15s' : '4m',
      DRAIN_SECONDS: drainSeconds,
      GATEWAYS: 2,
    };
    const summary = await withLoad(context, 'rolling-restart', settings, async (load) => {
      await load.publishing;
      await sleep(2_000);
      await kubernetes.kubectl('rollout', 'restart', `deployment/${main}-gateway`);
      await kubernetes.rolledOut(`deployment/${main}-gateway`);
      return load.done;
    });
    for (const condition of broken(summary)) check(false, condition);
    const { counts, closes, timesMs } = summary;
    check(counts.returned >= options.connections, `${counts.returned} of ${options.connections} connections came back`);
    const codes = Object.entries(closes).map(([code, count]) => `${count} with ${code}`);
    return `${told(summary)}; closes: ${codes.join(', ')}; first close to last return ${(timesMs.restart.max / 1_000).toFixed(0)} s with a drain of ${drainSeconds} s for each of 2 gateways; ${counts.missedWhileAway} events fell between two connections`;
  },
};
