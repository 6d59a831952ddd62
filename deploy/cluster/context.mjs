// What a row is given, and what is made of what it found.
import { availableParallelism, cpus } from 'node:os';
import { imagesOf } from './cluster.mjs';
import { Kubernetes } from './kubernetes.mjs';
import { Releases } from './release.mjs';

export function contextOf(options, cluster) {
  const kubernetes = new Kubernetes({ kubeconfig: cluster.kubeconfig, namespace: options.namespace });
  const images = imagesOf(options, cluster);
  return {
    options,
    kubernetes,
    images,
    releases: new Releases({ kubernetes, images }),
    facts: () => factsOf(kubernetes, images, cluster),
  };
}

/** What figures depend on: what is run, and a sentence about where. */
async function factsOf(kubernetes, images, { isHere }) {
  const { items } = await kubernetes.get('nodes');
  const version = items[0].status.nodeInfo.kubeletVersion;
  const commit = await images.revision();
  const [{ model }] = cpus();
  const cores = `${availableParallelism()} cores (${model})`;
  const where = isHere
    ? `On Kubernetes ${version} with ${items.length} nodes, which share ${cores} with k6:`
    : `On Kubernetes ${version} with ${items.length} nodes, k6 on a machine with ${cores}:`;
  return { commit, where };
}

/** Runs one row. Answers what was seen, every fault, and how long it took; throws nothing. */
export async function runRow(row, context) {
  const began = Date.now();
  const faults = [];
  const check = (holds, fault) => {
    if (!holds) faults.push(fault);
  };
  let seen = '';
  try {
    seen = await row.run({ ...context, check });
  } catch (error) {
    faults.push(error.message);
  }
  return { name: row.name, title: row.title, seen, faults, seconds: Math.round((Date.now() - began) / 1_000) };
}
