import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';

const run = promisify(execFile);

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const chart = path.join(root, 'helm', 'starling');

/** Time to build a tool on a new machine, in milliseconds; where it is there already, finding it takes none. */
export const toolTimeoutMs = 500_000;

/** Values as a user writes them; dots in a name are not special. */
export type Values = Readonly<Record<string, unknown>>;

type Labels = Readonly<Record<string, string>>;

/** An object of Kubernetes, as far as tests look into it; kubeconform holds all of it against Kubernetes' schemas. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Labels; readonly annotations?: Labels };
  readonly spec: Spec;
  /** Of a ConfigMap. */
  readonly data?: Labels;
  /** Of a ServiceAccount. */
  readonly automountServiceAccountToken?: boolean;
}

/** Members of the specifications of all kinds, and of pods. Those that a kind does not have are undefined. */
export interface Spec {
  readonly [member: string]: unknown;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string }[];
  readonly securityContext: { readonly runAsUser: number };
  readonly template: { readonly metadata: Manifest['metadata']; readonly spec: Spec };
  readonly selector: Labels & { readonly matchLabels: Labels };
  readonly rules: readonly Rule[];
  readonly strategy: { readonly rollingUpdate: { readonly maxSurge: unknown } };
  readonly behavior: { readonly scaleDown: unknown };
  readonly advanced: { readonly horizontalPodAutoscalerConfig: { readonly behavior: { readonly scaleDown: unknown } } };
}

export interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly envFrom?: unknown;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext: unknown;
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly readinessProbe: { readonly httpGet: unknown };
  readonly livenessProbe: { readonly httpGet: unknown };
}

/** A rule of an Ingress, or of an HTTPRoute. */
export interface Rule {
  readonly http: { readonly paths: readonly IngressPath[] };
  readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
  readonly timeouts?: object;
  readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
}

interface IngressPath {
  readonly path: string;
  readonly pathType: string;
  readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
}

/** A pod, or what a Deployment or a StatefulSet makes pods of. */
export type PodTemplate = Pick<Manifest, 'metadata' | 'spec'>;

/** The least that an installation needs; tests give what they are about on top. */
export const leastValues: Values = {
  definition: { existingConfigMap: 'boards' },
  redis: { url: 'redis://redis.example:6379' },
};

/** The path that a script of scripts/tools prints; it makes what is missing. */
export async function tool(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, [path.join(root, 'scripts', 'tools', script)], {
    timeout: toolTimeoutMs,
  });
  return stdout.trim();
}

const helm = tool('helm.mjs');
helm.catch(() => undefined);

/** What `helm template` makes of the values, as text. Rejects with what Helm says when it refuses. */
export async function renderText(values: Values = {}, given = leastValues, folder = chart): Promise<string> {
  const child = run(await helm, ['template', 'flock', folder, '--namespace', 'birds', '-f', '-'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  // Helm reads YAML 1.1, where `on` is no text without quotes.
  child.child.stdin?.end(stringify(merge(given, values), { version: '1.1' }));
  const { stdout } = await child;
  return stdout;
}

/** The same, as objects. Rejects where it is not YAML, which a key that is there twice is not either. */
export async function render(values: Values = {}, given = leastValues, folder = chart): Promise<Rendered> {
  const text = await renderText(values, given, folder);
  return new Rendered(
    parseAllDocuments(text).map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as Manifest;
    }),
  );
}

/** What Helm says when it refuses the values. Rejects when it does not. */
export async function refusal(values: Values, given = leastValues): Promise<string> {
  try {
    await renderText(values, given);
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  }
  throw new Error('Helm takes these values.');
}

/** The objects of one rendering. */
export class Rendered {
  constructor(readonly all: readonly Manifest[]) {}

  /** The one object of a kind, and of a name behind the release's. Throws where there is none. */
  one(kind: string, suffix = ''): Manifest {
    const found = this.find(kind, suffix);
    if (!found) {
      const names = this.all.map((manifest) => `${manifest.kind} ${manifest.metadata.name}`);
      throw new Error(`There is no ${kind} flock-starling${suffix}, but: ${names.join(', ')}`);
    }
    return found;
  }

  find(kind: string, suffix = ''): Manifest | undefined {
    return this.all.find((one) => one.kind === kind && one.metadata.name === `flock-starling${suffix}`);
  }

  /** Pods, and what makes pods, as their templates. */
  get pods(): readonly PodTemplate[] {
    return this.all.flatMap((one): PodTemplate[] => {
      if (one.kind === 'Pod') return [one];
      return one.kind === 'Deployment' || one.kind === 'StatefulSet' ? [one.spec.template] : [];
    });
  }

  /** The pod of a component. */
  pod(component: string): PodTemplate {
    const found = this.pods.find(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component);
    if (!found) throw new Error(`There is no pod of ${component}.`);
    return found;
  }

  /** The container of a component's pod. */
  container(component: string): Container {
    return this.pod(component).spec.containers[0]!;
  }

  /** Environment variables of a component's container, by name. */
  env(component: string): Record<string, unknown> {
    const list = this.container(component).env;
    return Object.fromEntries(list.map(({ name, value, valueFrom }) => [name, valueFrom ?? value]));
  }
}

/** `more` over `values`, group by group; null takes away. */
export function merge(values: Values, more: Values): Values {
  const merged: Record<string, unknown> = { ...values };
  for (const [key, value] of Object.entries(more)) {
    const former = merged[key];
    merged[key] = isGroup(former) && isGroup(value) ? merge(former, value) : value;
  }
  return merged;
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
