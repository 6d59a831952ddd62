// Resident memory of the gateways over a run.
import { isReady, readMetric } from './kubernetes.mjs';
import { main } from './release.mjs';

/** The part of a run in which pools, caches and compiled code still grow. */
const warmingShare = 0.2;

/** How much higher the later crest may be: those of one process differ by a hundredth. In ten minutes that finds a leak of 1 to 2 MiB a minute. */
const flatShare = 0.03;

const mebibyte = 2 ** 20;

/** Looks that say anything at all: four in each half of what comes after warming up. */
const leastLooks = 10;

/** Share of the looks of a run that there must be. A machine that is busy with k6 misses some. */
const seenShare = 0.5;

/** Asks every gateway for its resident memory, again and again, until `stop` answers what was seen of each, and how many looks there should be. */
export function watchMemory(kubernetes, { everyMs }) {
  const began = Date.now();
  const samples = new Map();
  async function lookAt(name) {
    const text = await kubernetes.fromPod(name, 4101, '/metrics');
    const bytes = readMetric(text, 'process_resident_memory_bytes');
    samples.set(name, [...(samples.get(name) ?? []), bytes]);
  }
  const look = async () => {
    const pods = (await kubernetes.pods(main, 'gateway')).filter(isReady);
    // Each for itself: one that does not answer hides nothing of the other.
    await Promise.allSettled(pods.map(({ metadata }) => lookAt(metadata.name)));
  };
  // One at a time; a look that fails is a look less, and `verdictOn` counts them.
  let looking;
  const timer = setInterval(() => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      const expected = Math.floor((Date.now() - began) / everyMs);
      return [...samples.values()].map((looks) => ({ looks, expected }));
    },
  };
}

/** What looks at a gateway's memory say, in words, and what is wrong with that, if anything. */
export function verdictOn({ looks, expected }) {
  const least = Math.max(leastLooks, Math.ceil(expected * seenShare));
  if (looks.length < least) {
    return {
      seen: 'too few looks',
      fault: `memory of a gateway was read ${looks.length} times in the run, and ${least} times are the least that say anything`,
    };
  }
  const { earlierMiB, laterMiB, isFlat } = crests(looks);
  const [earlier, later] = [earlierMiB.toFixed(0), laterMiB.toFixed(0)];
  return {
    seen: `${earlier} and ${later}`,
    fault: isFlat ? undefined : `memory of a gateway grows: up to ${earlier} MiB, and later to ${later}`,
  };
}

/**
 * Of looks at resident memory, in bytes: the highest, in MiB, of the earlier and the later half of what comes after warming up. The collector gives
 * memory back when it likes, so that a line through all of them says where in its waves a run has begun and ended; what leaks lifts their crests.
 * Fewer than three looks have no earlier half, and are not flat.
 */
export function crests(looks) {
  const warm = looks.slice(Math.ceil(looks.length * warmingShare));
  const middle = Math.floor(warm.length / 2);
  const highest = (part) => Math.max(...part) / mebibyte;
  const [earlierMiB, laterMiB] = [highest(warm.slice(0, middle)), highest(warm.slice(middle))];
  const growth = laterMiB / earlierMiB - 1;
  return { earlierMiB, laterMiB, growth, isFlat: middle > 0 && growth < flatShare };
}
