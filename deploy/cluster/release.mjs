// Releases of the chart in the namespace of the run.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { ensureHelm } from '../../scripts/tools/helm.mjs';
import { fails, root, run, temporaryFolder } from './command.mjs';
import { ownLabel } from './kubernetes.mjs';

/** The release that most rows look at; it serves load-tests/api. */
export const main = 'flock';

/** The key of load-tests/api in this run, and what the other definitions need, in a Secret. */
export const secrets = {
  STARLING_API_KEY: 'da2-verifyverifyverifyverify',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

const chart = path.join(root, 'helm', 'starling');

/**
 * Requests of CPU for a cluster of two cores, on which k6 runs as well: the chart's own would leave no room for the pods that an update adds.
 * Memory is as the chart has it.
 */
const small = (cpu, memory) => ({ resources: { requests: { cpu, memory: '128Mi' }, limits: { memory } } });

/** Helm, for one namespace. */
export class Releases {
  constructor({ kubernetes, images }) {
    this.kubernetes = kubernetes;
    this.images = images;
    this.folder = temporaryFolder('values');
    this.definitions = new Map();
  }

  async helm(...args) {
    const all = ['--namespace', this.kubernetes.namespace, ...args];
    return run(await ensureHelm(), all, { env: this.kubernetes.env, timeoutMs: 700_000 });
  }

  /** What Helm says of an installation that must fail, without its usage. */
  async refused(values) {
    const args = ['--namespace', this.kubernetes.namespace, 'install', 'refused', chart, ...this.#flags([values])];
    return fails(await ensureHelm(), args, { env: this.kubernetes.env });
  }

  /** Namespace, Secrets: what a user makes before the chart. */
  async prepare() {
    const { kubernetes } = this;
    await kubernetes.apply(
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: kubernetes.namespace,
          labels: {
            [ownLabel]: 'true',
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
          },
        },
      },
      secret('starling-env', secrets),
      secret('starling-next-token', { nextTokenSecret: 'a secret of the run, of no use later' }),
    );
  }

  /** Values of an installation on a cluster like this one. */
  async values(image) {
    const reference = image ?? (await this.images.starling());
    const { repository, tag } = split(reference);
    const id = await this.images.idOf(reference);
    // Another image under the name of before is other pods.
    const annotated = id ? { podAnnotations: { 'starling-verify-cluster/image': id } } : {};
    return {
      image: { repository, tag },
      envFrom: [{ secretRef: { name: 'starling-env' } }],
      nextToken: { existingSecret: 'starling-next-token' },
      redis: { trial: { enabled: true, image: await this.images.redis(), resources: small('50m', '512Mi').resources } },
      api: { ...small('100m', '512Mi'), ...annotated },
      gateway: { ...small('100m', '768Mi'), ...annotated },
    };
  }

  /** The main release's own: its definition, and the documents of `helm test`. */
  async mainValues(image) {
    const task = { boardId: 'helm-test', sequence: 1, sentAt: 0 };
    return merge(await this.values(image), await this.definition('load-tests/api'), {
      fullnameOverride: main,
      test: {
        subscription: 'subscription($boards: [ID!]!) { onTaskCreated(boardIds: $boards) { boardId sequence } }',
        mutation: 'mutation($task: NewTask!) { createTask(task: $task) { boardId sequence } }',
        variables: { boards: ['helm-test'], task },
        credentials: { existingSecret: 'starling-env', key: 'STARLING_API_KEY' },
      },
    });
  }

  /** Installs or upgrades a release and waits for its pods, unless `flags` say otherwise. */
  async install(name, values, flags = ['--wait', '--timeout', '8m']) {
    return this.helm('upgrade', '--install', name, chart, ...this.#flags([values]), ...flags);
  }

  /** The main release, as the chart has it but for `more`, whatever a row or a run before has left. Where nothing differs, no pod is touched. */
  async ensureMain(more = {}) {
    await this.prepare();
    await this.install(main, merge(await this.mainValues(), more));
    for (const component of ['api', 'gateway']) await this.kubernetes.rolledOut(`deployment/${main}-${component}`);
  }

  /** The manifests of a release that is not installed. */
  async render(name, values) {
    const text = await this.helm('template', name, chart, ...this.#flags([values]));
    return text
      .split(/^---$/m)
      .map((document) => parse(document))
      .filter(Boolean);
  }

  /** A definition as values: what the guide's command makes of its folder. */
  async definition(folder) {
    if (!this.definitions.has(folder)) {
      const args = ['run', '--silent', 'starling', '--', 'configmap', folder, '--values'];
      this.definitions.set(folder, parse(await run('npm', args)));
    }
    return this.definitions.get(folder);
  }

  #flags(all) {
    return all.flatMap((values, index) => {
      const file = path.join(this.folder, `values-${Date.now()}-${index}.yaml`);
      writeFileSync(file, stringify(values));
      return ['--values', file];
    });
  }
}

export function secret(name, stringData) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData };
}

export function split(reference) {
  const colon = reference.lastIndexOf(':');
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** Values on values, as Helm puts them together: maps into maps, everything else in place of what was there. */
export function merge(...all) {
  const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return all.reduce((one, other) => {
    const entries = Object.entries(other).map(([key, value]) => [
      key,
      isMap(value) && isMap(one[key]) ? merge(one[key], value) : value,
    ]);
    return { ...one, ...Object.fromEntries(entries) };
  }, {});
}
