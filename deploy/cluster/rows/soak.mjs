import { boundOf, readLatency } from '../latency.mjs';
import { broken, startLoadTest, told } from '../load-test.mjs';
import { watchMemory } from '../memory.mjs';

export const soak = {
  name: 'soak',
  title: 'Soak with k6',
  async run(context) {
    const { kubernetes, releases, options, check } = context;
    await releases.ensureMain();
    const before = await readLatency(kubernetes);
    const memory = watchMemory(kubernetes, { everyMs: options.quick ? 2_000 : 10_000 });
    const load = await startLoadTest(context, 'soak', { CONNECTIONS: options.connections, DURATION: options.soak });
    const summary = await load.done.catch((error) => {
      memory.stop();
      throw error;
    });
    const gateways = memory.stop();
    const after = await readLatency(kubernetes);
    const within = (share) => boundOf(share, before, after);
    for (const condition of broken(summary)) check(false, condition);
    check(gateways.length === 2, `memory of ${gateways.length} gateways was seen, not of 2`);
    for (const { earlierMiB, laterMiB } of gateways.filter(({ isFlat }) => !isFlat)) {
      check(
        false,
        `memory of a gateway grows: up to ${earlierMiB.toFixed(0)} MiB, and later to ${laterMiB.toFixed(0)}`,
      );
    }
    const memories = gateways.map(({ earlierMiB, laterMiB }) => `${earlierMiB.toFixed(0)} and ${laterMiB.toFixed(0)}`);
    return `${options.connections} connections, ${options.soak}: ${told(summary)}; by the gateways' own measure 99 in 100 events were handed on within ${within(0.99)} ms, all within ${within(1)} ms; gateways at most, MiB in the earlier and the later half: ${memories.join(', ')}`;
  },
};
