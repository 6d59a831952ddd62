// The cluster and the images on it.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root, run } from './command.mjs';
import { currentCommit } from './sources.mjs';

/** Nodes of a cluster that is started here: two, so that pods are spread and talk from node to node. */
const nodes = '2';

/** Time for what may have to be compiled first, in milliseconds. */
const buildTimeoutMs = 1_200_000;

/** A cluster: that of KUBECONFIG, or one that CLUSTER_TOOLS starts. Answers its kubeconfig, and how to end it. */
export async function openCluster({ clusterTools }) {
  const given = process.env.KUBECONFIG;
  if (given) return { kubeconfig: given, close: () => undefined };
  if (!clusterTools) {
    throw new Error(
      'There is no cluster. Set KUBECONFIG to the file of one, or CLUSTER_TOOLS to a folder whose up.sh starts one here.',
    );
  }
  const tool = (name) => path.resolve(clusterTools, name);
  await run(tool('up.sh'), [], { env: { NODES: nodes }, timeoutMs: buildTimeoutMs });
  const kubeconfig = (await run(tool('up.sh'), ['kubeconfig'])).trim();
  return {
    kubeconfig,
    isHere: true,
    load: (...images) => run(tool('load-image.sh'), images, { timeoutMs: 300_000 }),
    prepareImages: () => run(tool('base-images.sh'), [], { timeoutMs: buildTimeoutMs }),
    close: () => run(tool('down.sh'), []),
  };
}

/**
 * The images of a run. On a cluster that was started here they are built and loaded as rows ask for them; elsewhere they are those of the options.
 * Each answers a reference. `idOf` says what is behind one, if that can be known here; `revision` what was run, for a table.
 */
export function imagesOf(options, cluster) {
  const known = new Map();
  const once = (name, make) => () => {
    if (!known.has(name)) known.set(name, make());
    return known.get(name);
  };
  const given = (flag, usual) => {
    const reference = options[flag] ?? usual;
    if (!reference) throw new Error(`The nodes of this cluster need an image: set --${flag}.`);
    return reference;
  };
  if (!cluster.load) {
    return {
      starling: async () => given('image'),
      previous: async () => given('previous-image'),
      standalone: async () => given('standalone-image'),
      front: async () => given('front-image', 'nginx:1'),
      redis: async () => given('redis-image', 'redis:7'),
      idOf: async () => undefined,
      // What is in it, only its registry knows.
      revision: async () => `${shortOf(await currentCommit())} with ${given('image')}`,
    };
  }
  const based = once('base', () => cluster.prepareImages());
  const made = (flag, usual, make) =>
    once(flag, async () => {
      await based();
      const reference = options[flag] ?? usual;
      if (!options[flag]) await make(reference);
      await cluster.load(reference);
      return reference;
    });
  const images = {
    starling: made('image', 'starling:verify', (tag) => build(root, tag)),
    previous: made('previous-image', 'starling:verify-previous', (tag) => buildOlder(options.previous, tag)),
    standalone: made('standalone-image', 'starling:verify-standalone', (tag) =>
      build(root, tag.replace('-standalone', ''), '--standalone'),
    ),
    front: made('front-image', 'localhost/starling-front:verify', buildFront),
    redis: made('redis-image', 'localhost/redis:7', () => undefined),
  };
  // What is built here is of this clone. Its label may name an older commit: buildah takes an image that it has where nothing in it has changed.
  const revision = async () => shortOf(await (options.image ? revisionOf(options.image) : currentCommit()));
  return { ...images, idOf: (reference) => inspect(reference, '{{.FromImageID}}'), revision };
}

function build(folder, tag, ...flags) {
  return run(path.join(folder, 'deploy', 'build-image'), [tag, ...flags], { cwd: folder, timeoutMs: buildTimeoutMs });
}

/** The sources of an older commit, with the Dockerfile of now: what they make is what that version was. */
async function buildOlder(wanted, tag) {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-previous-'));
  try {
    const commit = await previousCommit(wanted);
    const archive = path.join(folder, 'sources.tar');
    await run('git', ['archive', '--output', archive, commit]);
    await run('tar', ['-xf', archive, '-C', folder]);
    for (const name of ['deploy', 'scripts', '.dockerignore']) {
      await rm(path.join(folder, name), { recursive: true, force: true });
      await cp(path.join(root, name), path.join(folder, name), { recursive: true });
    }
    await build(folder, tag, '--label', `org.opencontainers.image.revision=${commit}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The version that an upgrade begins at: the one that was named, the newest release, or 40 commits ago while there is none. */
export async function previousCommit(wanted) {
  const tag = (await run('git', ['tag', '--list', 'v*', '--sort=-version:refname'])).split('\n')[0];
  try {
    return (await run('git', ['rev-parse', '--verify', `${wanted ?? (tag || 'HEAD~40')}^{commit}`])).trim();
  } catch (cause) {
    throw new Error('There is no older version to upgrade from: name a commit that this clone has with --previous.', {
      cause,
    });
  }
}

const shortOf = (commit) => commit.slice(0, 7);

/** The commit that an image says it was made from. */
const revisionOf = (image) => inspect(image, '{{index .OCIv1.Config.Labels "org.opencontainers.image.revision"}}');

const inspect = async (image, format) =>
  (await run('buildah', ['inspect', '--type', 'image', '--format', format, image])).trim();

async function buildFront(tag) {
  const folder = await mkdtemp(path.join(tmpdir(), 'starling-front-'));
  try {
    const lines = [
      'FROM localhost/debian:bookworm',
      'RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx-light && rm -rf /var/lib/apt/lists/*',
    ];
    await writeFile(path.join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    await run('buildah', ['build', '--isolation=chroot', '--layers', '-t', tag, folder], { timeoutMs: buildTimeoutMs });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
