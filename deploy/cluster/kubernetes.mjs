// kubectl, for one namespace.
import { fails, run, start, until } from './command.mjs';

/** On a namespace that this command has made: no other is changed or deleted. */
export const ownLabel = 'starling-verify-cluster';

export class Kubernetes {
  constructor({ kubeconfig, namespace }) {
    this.namespace = namespace;
    this.env = { KUBECONFIG: kubeconfig };
  }

  kubectl(...args) {
    return run('kubectl', ['-n', this.namespace, ...args], { env: this.env });
  }

  /** What kubectl says of something that must be refused. */
  refused(object) {
    const args = ['-n', this.namespace, 'create', '--dry-run=server', '-f', '-'];
    return fails('kubectl', args, { env: this.env, input: JSON.stringify(object) });
  }

  /** Throws what the API server has against an object. */
  async accepted(object) {
    const args = ['-n', this.namespace, 'apply', '--dry-run=server', '-f', '-'];
    await run('kubectl', args, { env: this.env, input: JSON.stringify(object) });
  }

  /** Makes objects, or changes them to these. */
  async apply(...objects) {
    for (const object of objects) {
      const args = ['-n', this.namespace, 'apply', '--server-side', '--force-conflicts', '-f', '-'];
      await run('kubectl', args, {
        env: this.env,
        input: typeof object === 'string' ? object : JSON.stringify(object),
      });
    }
  }

  /** Throws when the namespace is somebody else's. */
  async claimNamespace() {
    const text = await this.kubectl('get', 'namespace', this.namespace, '--ignore-not-found', '-o', 'json');
    if (text.trim() === '' || ownLabel in (JSON.parse(text).metadata.labels ?? {})) return;
    throw new Error(
      `The namespace ${this.namespace} is there, and was not made by deploy/verify-cluster, which would delete it: set --namespace to a name that is free.`,
    );
  }

  /** Deletes the namespace with all that is in it, and waits for that. */
  async deleteNamespace() {
    const args = ['delete', 'namespace', this.namespace, '--ignore-not-found', '--timeout=180s'];
    // Longer than kubectl's own, so that it is kubectl that says what it still waits for.
    await run('kubectl', args, { env: this.env, timeoutMs: 200_000 });
  }

  async get(...args) {
    return JSON.parse(await this.kubectl('get', ...args, '-o', 'json'));
  }

  /** Pods of a component of a release that are not about to end. */
  async pods(release, component) {
    const selector = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=${component}`;
    const { items } = await this.get('pods', '-l', selector);
    return items.filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  /** The cluster's own address of a Service. */
  async address(service) {
    const { spec } = await this.get('service', service);
    return `${spec.clusterIP}:${spec.ports[0].port}`;
  }

  rolledOut(workload, timeoutS = 300) {
    const args = ['-n', this.namespace, 'rollout', 'status', workload, `--timeout=${timeoutS}s`];
    return run('kubectl', args, { env: this.env, timeoutMs: (timeoutS + 10) * 1_000 });
  }

  /** What a pod's port for metrics answers, through the API server: works wherever kubectl does. */
  fromPod(name, port, path) {
    return this.kubectl('get', '--raw', `/api/v1/namespaces/${this.namespace}/pods/${name}:${port}/proxy${path}`);
  }

  /** Gives `use` a port of this machine that leads to one of a pod, for as long as it runs. */
  async withForward(pod, port, use) {
    const program = start('kubectl', ['-n', this.namespace, 'port-forward', `pod/${pod}`, `:${port}`], {
      env: this.env,
    });
    try {
      const [, local] = await until(
        `kubectl port-forward ${pod}`,
        () => /127\.0\.0\.1:(\d+)/.exec(program.output) ?? undefined,
        { of: program },
      );
      return await use(Number(local));
    } finally {
      program.kill('SIGTERM');
      await program.ended;
    }
  }

  /** The same for several pods at once: their ports, in order. */
  withForwards([first, ...rest], use, ports = []) {
    if (!first) return use(ports);
    return this.withForward(...first, (port) => this.withForwards(rest, use, [...ports, port]));
  }
}

/** Whether Kubernetes sends a pod requests. */
export function isReady({ status }) {
  return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

/** Since when a pod has been ready, without a break; undefined while it is not. A pod of the same uid with the same answer was ready all along. */
export function readySince(pod) {
  if (!isReady(pod)) return undefined;
  return pod.status.conditions.find(({ type }) => type === 'Ready').lastTransitionTime;
}

/** A value of a metric in Prometheus' text, summed over labels. */
export function readMetric(text, name, labels = '') {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
