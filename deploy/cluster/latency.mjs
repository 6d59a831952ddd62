// What the gateways themselves measured: from when the log took an event until it was given to its last connection. k6 measures its own reading
// as well, which on a machine that it shares is most of what a broadcast takes.
import { readMetric } from './kubernetes.mjs';
import { main } from './release.mjs';

const metric = 'starling_gateway_delivery_latency_seconds_bucket';

/** Counts by the histogram's bounds, over all gateways. */
export async function readLatency(kubernetes) {
  const counts = new Map();
  for (const { metadata } of await kubernetes.pods(main, 'gateway')) {
    const text = await kubernetes.fromPod(metadata.name, 4101, '/metrics');
    for (const [, bound] of text.matchAll(new RegExp(`^${metric}\\{[^}]*le="([^"]+)"`, 'gm'))) {
      counts.set(bound, (counts.get(bound) ?? 0) + readMetric(text, metric, `le="${bound}"`));
    }
  }
  return counts;
}

/** The bound within which a share of the events between two readings were, in milliseconds. */
export function boundOf(share, before, after) {
  const between = ([bound, count]) => [bound, count - (before.get(bound) ?? 0)];
  const [, all] = between(['+Inf', after.get('+Inf')]);
  const [bound] = [...after].map(between).find(([, count]) => count >= share * all);
  return 1_000 * Number(bound);
}
