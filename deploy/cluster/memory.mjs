// Resident memory of the gateways over a run.
import { isReady, readMetric } from './kubernetes.mjs';
import { main } from './release.mjs';

/** The part of a run in which pools, caches and compiled code still grow. */
const warmingShare = 0.2;

/** How much higher the later crest may be: those of one process differ by a hundredth. In ten minutes that finds a leak of 1 to 2 MiB a minute. */
const flatShare = 0.03;

const mebibyte = 2 ** 20;

/** Asks every gateway for its resident memory, again and again, until `stop` answers the crests of each. */
export function watchMemory(kubernetes, { everyMs }) {
  const samples = new Map();
  async function look() {
    for (const pod of await kubernetes.pods(main, 'gateway')) {
      if (!isReady(pod)) continue;
      const { name } = pod.metadata;
      const text = await kubernetes.fromPod(name, 4101, '/metrics');
      const bytes = readMetric(text, 'process_resident_memory_bytes');
      samples.set(name, [...(samples.get(name) ?? []), bytes]);
    }
  }
  // One at a time; a look that fails is a point less.
  let looking;
  const timer = setInterval(() => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return [...samples.values()].map(crests);
    },
  };
}

/**
 * Of looks at resident memory, in bytes: the highest, in MiB, of the earlier and the later half of what comes after warming up. The collector gives memory back when it likes,
 * so that a line through all of them says where in its waves a run has begun and ended; what leaks lifts their crests.
 */
export function crests(looks) {
  const warm = looks.slice(Math.ceil(looks.length * warmingShare));
  const middle = Math.floor(warm.length / 2);
  const highest = (part) => Math.max(...part) / mebibyte;
  const [earlierMiB, laterMiB] = [highest(warm.slice(0, middle)), highest(warm.slice(middle))];
  const growth = laterMiB / earlierMiB - 1;
  return { earlierMiB, laterMiB, growth, isFlat: growth < flatShare };
}
