import { boundOf, readLatency } from '../latency.mjs';
import { broken, told, withLoad } from '../load-test.mjs';
import { verdictOn, watchMemory } from '../memory.mjs';

export const soak = {
  name: 'soak',
  title: 'Soak with k6',
  async run(context) {
    const { kubernetes, releases, options, check } = context;
    await releases.ensureMain();
    const before = await readLatency(kubernetes);
    const settings = { CONNECTIONS: options.connections, DURATION: options.soak };
    const { summary, gateways } = await withLoad(context, 'soak', settings, async ({ done }) => {
      const memory = watchMemory(kubernetes, { everyMs: options.quick ? 2_000 : 10_000 });
      try {
        return { summary: await done, gateways: memory.stop() };
      } finally {
        memory.stop();
      }
    });
    const after = await readLatency(kubernetes);
    const within = (share) => boundOf(share, before, after);
    for (const condition of broken(summary)) check(false, condition);
    check(gateways.length === 2, `memory of ${gateways.length} gateways was seen, not of 2`);
    const memories = gateways.map(verdictOn);
    for (const { fault } of memories) check(!fault, fault);
    return `${options.connections} connections, ${options.soak}: ${told(summary)}; by the gateways' own measure 99 in 100 events were handed on within ${within(0.99)} ms, all within ${within(1)} ms; gateways at most, MiB in the earlier and the later half: ${memories.map(({ seen }) => seen).join(', ')}`;
  },
};
