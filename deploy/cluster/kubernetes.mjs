// kubectl, for one namespace.
import { fails, run, start, until } from './command.mjs';

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

  /** A port of this machine that leads to one of a pod. */
  async forward(pod, port) {
    const program = start('kubectl', ['-n', this.namespace, 'port-forward', `pod/${pod}`, `:${port}`], {
      env: this.env,
    });
    const [, local] = await until(
      `kubectl port-forward ${pod}`,
      () => /127\.0\.0\.1:(\d+)/.exec(program.output) ?? undefined,
    );
    return {
      port: Number(local),
      async stop() {
        program.kill('SIGTERM');
        await program.ended;
      },
    };
  }
}

/** Whether Kubernetes sends a pod requests. */
export function isReady({ status }) {
  return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

/** A value of a metric in Prometheus' text, summed over labels. */
export function readMetric(text, name, labels = '') {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
