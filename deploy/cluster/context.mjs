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
    facts: () => factsOf(kubernetes, images),
  };
}

/** What figures depend on: the commit, and a sentence about the cluster. */
async function factsOf(kubernetes, images) {
  const { items } = await kubernetes.get('nodes');
  const version = items[0].status.nodeInfo.kubeletVersion;
  const commit = (await images.revision()).slice(0, 7);
  const [{ model }] = cpus();
  const where = `On Kubernetes ${version} with ${items.length} nodes, which share ${availableParallelism()} cores (${model}) with k6:`;
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
