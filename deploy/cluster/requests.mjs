// Which api serves the load: k6 keeps its connections, so that one of two may serve nobody.
import { readMetric } from './kubernetes.mjs';
import { main } from './release.mjs';

/** Requests that each api pod has answered, by the name of the pod. */
export async function readRequests(kubernetes) {
  const counts = new Map();
  for (const { metadata } of await kubernetes.pods(main, 'api')) {
    const text = await kubernetes.fromPod(metadata.name, 4100, '/metrics');
    counts.set(metadata.name, readMetric(text, 'starling_api_requests_total'));
  }
  return counts;
}

/** The pod that has answered most between two readings, and how many requests. */
export function busiest(before, after) {
  const grown = [...after].map(([name, count]) => ({ name, requests: count - (before.get(name) ?? 0) }));
  return grown.reduce((one, other) => (other.requests > one.requests ? other : one));
}
