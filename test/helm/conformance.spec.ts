import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { chart, renderText, tool, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

const run = promisify(execFile);

const scaling = (type: string): Values => ({
  api: { autoscaling: { enabled: true } },
  gateway: { autoscaling: { enabled: true, type, keda: { serverAddress: 'http://prometheus.monitoring:9090' } } },
});

/** Installations that have every object and every branch of the templates among them. */
const installations: Readonly<Record<string, Values>> = {
  least: {},
  trial: {
    redis: { url: '', trial: { enabled: true }, password: { existingSecret: 'redis' } },
    definition: { existingConfigMap: '', files: { 'starling.yaml': 'name: boards', 'resolvers/Query.a.js': '//' } },
    test: { subscription: 'subscription { a }', mutation: 'mutation { a }', credentials: { existingSecret: 'key' } },
  },
  'forgetful trial': { redis: { url: '', trial: { enabled: true, persistence: { enabled: false } } } },
  everything: {
    ...scaling('cpu'),
    image: { pullSecrets: [{ name: 'registry' }] },
    commonLabels: { team: 'birds' },
    definition: { existingConfigMap: '', volume: { persistentVolumeClaim: { claimName: 'api' } } },
    env: [{ name: 'STARLING_API_KEY', valueFrom: { secretKeyRef: { name: 'boards', key: 'apiKey' } } }],
    envFrom: [{ secretRef: { name: 'boards' } }],
    nextToken: { existingSecret: 'tokens' },
    iam: { existingSecret: 'keys' },
    serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/starling' } },
    redis: {
      url: 'rediss://a:6379,rediss://b:6379',
      username: 'starling',
      password: { existingSecret: 'redis' },
      sentinel: { primaryName: 'main', password: { existingSecret: 'redis' } },
      tls: { existingSecret: 'redis' },
    },
    ingress: {
      enabled: true,
      className: 'nginx',
      hosts: ['a.example'],
      tls: [{ hosts: ['a.example'], secretName: 'a' }],
    },
    httpRoute: { enabled: true, parentRefs: [{ name: 'public' }], hostnames: ['a.example'] },
    networkPolicy: {
      clients: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
      redis: { peers: [{ ipBlock: { cidr: '10.0.0.0/24' } }] },
      extraEgress: [{ to: [{ ipBlock: { cidr: '10.0.3.0/24' } }], ports: [{ port: 443 }] }],
    },
    metrics: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
  },
  'texts that YAML would take for something else': {
    ...scaling('custom'),
    nameOverride: '1e5',
    fullnameOverride: '123',
    definition: { existingConfigMap: '2024' },
    nextToken: { existingSecret: 'true', key: 'on' },
    iam: { existingSecret: '2024', key: '1e5' },
    serviceAccount: { create: false, name: '007' },
    redis: {
      url: '',
      existingSecret: '1e5',
      existingSecretKey: 'yes',
      password: { existingSecret: '2024', key: '1' },
      sentinel: { primaryName: '1', password: { existingSecret: 'null', key: 'off' } },
      tls: { existingSecret: '2024', key: '1' },
    },
    api: { priorityClassName: 'null', autoscaling: { enabled: true } },
    ingress: { enabled: true, className: 'no' },
    httpRoute: { enabled: true, parentRefs: [{ name: 'public' }] },
    metrics: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true, runbookUrl: 'see: 1' } },
    test: { credentials: { existingSecret: '2024', key: 'on' } },
  },
  'a trial of such texts': {
    redis: {
      url: '',
      password: { existingSecret: '1', key: 'on' },
      trial: { enabled: true, persistence: { storageClass: '-', size: '2' } },
    },
  },
  'labels and annotations that are given twice': {
    commonLabels: { tier: 'all', 'starling/metrics': 'no', 'app.kubernetes.io/component': 'all' },
    api: { podLabels: { tier: 'api' }, podAnnotations: { 'kubectl.kubernetes.io/default-container': 'proxy' } },
    metrics: {
      serviceMonitor: { enabled: true, labels: { tier: 'metrics' } },
      prometheusRule: { enabled: true, labels: { tier: 'metrics' } },
    },
  },
  'policies that open nothing': {
    redis: { url: '', existingSecret: 'redis' },
    networkPolicy: { dns: [], redis: { ports: [] }, outside: { cidrs: [] } },
  },
  'by KEDA': scaling('keda'),
  'by custom metrics': scaling('custom'),
};

describe('the chart', { timeout: toolTimeoutMs }, () => {
  let kubeconform: string;
  let schemas: string;
  beforeAll(async () => {
    [kubeconform, schemas] = await Promise.all([tool('kubeconform.mjs'), tool('kubernetes-schemas.mjs')]);
  }, toolTimeoutMs);

  /** What kubeconform says of manifests; its status is not 0 where it finds a fault. */
  async function validate(manifests: string): Promise<{ status: number; said: string }> {
    const location = path.join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
    const child = run(kubeconform, ['-strict', '-summary', '-schema-location', location, '-']);
    child.child.stdin?.end(manifests);
    return child.then(
      ({ stdout }) => ({ status: 0, said: stdout }),
      (error: { code: number; stdout: string }) => ({ status: error.code, said: error.stdout }),
    );
  }

  it.each(Object.entries(installations))("should be what Kubernetes' schemas ask for: %s", async (_, values) => {
    const { status, said } = await validate(await renderText(values));
    expect(said).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(status).toBe(0);
  });

  it.each([
    ['of Kubernetes', 'topologyKey:', 'topologyKee:'],
    ['of an operator', 'jobLabel:', 'jobLable:'],
    ['of the Gateway API', 'backendRefs:', 'backendReffs:'],
  ])('should be held to schemas that find a misspelt field %s', async (_, right, wrong) => {
    const manifests = await renderText(installations.everything);
    expect(manifests).toContain(right);
    const { status, said } = await validate(manifests.replace(right, wrong));
    expect(status).toBe(1);
    expect(said).toContain(wrong.slice(0, -1));
  });

  it('should pass helm lint --strict', async () => {
    const { stdout } = await run(await tool('helm.mjs'), [
      'lint',
      '--strict',
      chart,
      '-f',
      path.join(chart, 'ci', 'trial-values.yaml'),
    ]);
    expect(stdout).toContain('0 chart(s) failed');
  });
});
