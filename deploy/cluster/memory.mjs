// Memory of the gateways over a run.
import { isReady, readMetric } from './kubernetes.mjs';
import { main } from './release.mjs';

/** Growth over the second half of a run that counts as flat, as a share of the mean: the collector's own waves are about as high. */
const flatShare = 0.05;

const mebibyte = 2 ** 20;

/** Asks every gateway for its resident memory, again and again, until `stop` answers the lines through the second half of what it saw. */
export function watchMemory(kubernetes, { everyMs }) {
  const samples = new Map();
  const began = Date.now();
  async function look() {
    for (const pod of await kubernetes.pods(main, 'gateway')) {
      if (!isReady(pod)) continue;
      const { name } = pod.metadata;
      const text = await kubernetes.fromPod(name, 4101, '/metrics');
      const point = {
        minutes: (Date.now() - began) / 60_000,
        bytes: readMetric(text, 'process_resident_memory_bytes'),
      };
      samples.set(name, [...(samples.get(name) ?? []), point]);
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
      return [...samples.values()].map((points) => trend(points.slice(Math.floor(points.length / 2))));
    },
  };
}

/** The line through points by least squares: mean in MiB, slope in MiB a minute, growth from its first point to its last as a share of the mean. */
export function trend(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = points.map(({ minutes }) => minutes);
  const y = points.map(({ bytes }) => bytes / mebibyte);
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const slope =
    spread > 0 ? x.reduce((sum, value, index) => sum + (value - meanX) * (y[index] - meanY), 0) / spread : 0;
  const growth = (slope * (x.at(-1) - x[0])) / meanY;
  return { points: points.length, meanMiB: meanY, slopeMiB: slope, growth, isFlat: growth < flatShare };
}
