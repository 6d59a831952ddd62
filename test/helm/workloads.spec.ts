import { beforeAll, describe, expect, it } from 'vitest';
import { apiSettings, gatewaySettings } from '#libs/config';
import { render, toolTimeoutMs } from './chart.js';
import type { Rendered, Values } from './chart.js';

/** Everything on, so that each object is there. */
const everything: Values = {
  commonLabels: { team: 'birds' },
  nextToken: { existingSecret: 'tokens' },
  iam: { existingSecret: 'keys' },
  redis: {
    url: 'rediss://a.example:6379,rediss://b.example:6379',
    username: 'starling',
    password: { existingSecret: 'redis-password' },
    sentinel: { primaryName: 'main', password: { existingSecret: 'sentinel-password' } },
    tls: { existingSecret: 'redis-ca' },
  },
  trustedProxies: ['private'],
  env: [{ name: 'AWS_REGION', value: 'us-west-2' }],
  api: { env: [{ name: 'REQUESTS_PER_SECOND_PER_ADDRESS', value: '50' }] },
};

let rendered: Rendered;
beforeAll(async () => {
  rendered = await render(everything);
}, toolTimeoutMs);

describe('every pod', () => {
  let all: Rendered;
  beforeAll(async () => {
    all = await render({ redis: { url: '', trial: { enabled: true } } });
  });

  it('should meet the restricted pod security standard, and have a file system that is read only', () => {
    expect(all.pods).toHaveLength(4);
    for (const { spec, metadata } of all.pods) {
      expect(spec.securityContext, metadata.name).toMatchObject({
        runAsNonRoot: true,
        runAsUser: expect.any(Number) as number,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
      for (const { securityContext } of spec.containers) {
        expect(securityContext, metadata.name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
      for (const volume of spec.volumes ?? []) expect(volume).not.toHaveProperty('hostPath');
      for (const member of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec).not.toHaveProperty(member);
    }
  });

  it('should have no key to the API server', () => {
    for (const { spec } of all.pods) expect(spec.automountServiceAccountToken).toBe(false);
    expect(all.one('ServiceAccount').automountServiceAccountToken).toBe(false);
  });

  it('should have the account that may have a role of a cloud only where it is needed', () => {
    for (const component of ['api', 'gateway'])
      expect(all.pod(component).spec.serviceAccountName).toBe('flock-starling');
    for (const component of ['redis', 'test']) expect(all.pod(component).spec.serviceAccountName).toBeUndefined();
  });

  it('should say how much CPU and memory it needs, and be bounded in memory and not in CPU', () => {
    for (const { spec, metadata } of all.pods) {
      const { requests, limits } = spec.containers[0]!.resources;
      expect(Object.keys(requests), metadata.name).toEqual(['cpu', 'memory']);
      expect(Object.keys(limits), metadata.name).toEqual(['memory']);
    }
  });

  it('should have the labels that Kubernetes recommends, and those of the values', () => {
    for (const { metadata } of [...rendered.all, ...rendered.pods]) {
      expect(metadata.labels, metadata.name).toMatchObject({
        'app.kubernetes.io/name': 'starling',
        'app.kubernetes.io/instance': 'flock',
        'app.kubernetes.io/version': '0.1.0',
        'helm.sh/chart': 'starling-0.1.0',
        team: 'birds',
      });
    }
  });
});

describe.each([
  ['api', apiSettings, { http: 4000, metrics: 4100 }],
  ['gateway', gatewaySettings, { http: 4001, metrics: 4101 }],
] as const)('the %s', (component, settings, ports) => {
  it('should be run by the image, with settings that it knows', () => {
    const container = rendered.container(component);
    expect(container).toMatchObject({ image: 'starling:0.1.0', args: [component], imagePullPolicy: 'IfNotPresent' });
    const unknown = Object.keys(rendered.env(component)).filter((name) => !(name in settings) && name !== 'AWS_REGION');
    expect(unknown).toEqual([]);
  });

  it('should listen where its services and probes ask', () => {
    const container = rendered.container(component);
    expect(rendered.env(component)).toMatchObject({ PORT: `${ports.http}`, METRICS_PORT: `${ports.metrics}` });
    expect(container.ports).toEqual([
      { name: 'http', containerPort: ports.http },
      { name: 'metrics', containerPort: ports.metrics },
    ]);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    // Redis away is no reason to restart.
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'metrics' });
    const { selector, ports: servicePorts } = rendered.one('Service', `-${component}`).spec;
    expect(servicePorts).toMatchObject([{ port: 80, targetPort: 'http' }]);
    expect(rendered.pod(component).metadata.labels).toMatchObject(selector);
    expect(rendered.one('Deployment', `-${component}`).spec.selector.matchLabels).toEqual(selector);
  });

  it('should have secrets by reference only', () => {
    expect(rendered.env(component)).toMatchObject({
      NEXT_TOKEN_SECRET: { secretKeyRef: { name: 'tokens', key: 'nextTokenSecret' } },
      REDIS_PASSWORD: { secretKeyRef: { name: 'redis-password', key: 'password' } },
      REDIS_SENTINEL_PASSWORD: { secretKeyRef: { name: 'sentinel-password', key: 'sentinelPassword' } },
      IAM_CREDENTIALS_FILE: '/etc/starling/iam/credentials.json',
      REDIS_CA_FILE: '/etc/starling/redis/ca.crt',
    });
    expect(rendered.pod(component).spec.volumes).toEqual(
      expect.arrayContaining([
        { name: 'iam', secret: { secretName: 'keys' } },
        { name: 'redis', secret: { secretName: 'redis-ca' } },
      ]),
    );
    expect(rendered.all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it('should have time to drain before it is killed', async () => {
    const graceOf = (one: Rendered) => one.pod(component).spec.terminationGracePeriodSeconds as number;
    expect(rendered.env(component)).toMatchObject({
      DRAIN_DELAY_MS: '5000',
      DRAIN_SECONDS: component === 'api' ? '15' : '60',
    });
    expect(graceOf(rendered)).toBe(component === 'api' ? 30 : 75);
    const slow = await render({ [component]: { drainDelaySeconds: 10, drainSeconds: 1800 } });
    expect(slow.env(component)).toMatchObject({ DRAIN_DELAY_MS: '10000', DRAIN_SECONDS: '1800' });
    expect(graceOf(slow)).toBe(1820);
    expect(graceOf(await render({ [component]: { terminationGracePeriodSeconds: 300 } }))).toBe(300);
  });

  it('should be replaced without taking away capacity', () => {
    const { strategy, minReadySeconds } = rendered.one('Deployment', `-${component}`).spec;
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(minReadySeconds).toBe(component === 'api' ? 5 : 30);
  });

  it('should be placed as the values say', async () => {
    const placed = await render({
      [component]: {
        nodeSelector: { pool: 'realtime' },
        tolerations: [{ key: 'realtime', operator: 'Exists' }],
        affinity: { podAntiAffinity: {} },
        priorityClassName: 'high',
        topologySpread: { whenUnsatisfiable: 'DoNotSchedule' },
        podAnnotations: { a: 'b' },
        podLabels: { c: 'd' },
        extraVolumes: [{ name: 'more', emptyDir: {} }],
        extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
      },
      image: { digest: 'sha256:abc', tag: 'ignored', pullSecrets: [{ name: 'registry' }], pullPolicy: 'Never' },
    });
    const { spec, metadata } = placed.pod(component);
    expect(spec).toMatchObject({
      nodeSelector: { pool: 'realtime' },
      tolerations: [{ key: 'realtime', operator: 'Exists' }],
      affinity: { podAntiAffinity: {} },
      priorityClassName: 'high',
      imagePullSecrets: [{ name: 'registry' }],
      containers: [{ image: 'starling@sha256:abc', imagePullPolicy: 'Never' }],
    });
    expect(spec.volumes).toContainEqual({ name: 'more', emptyDir: {} });
    expect(spec.containers[0]!.volumeMounts).toContainEqual({ name: 'more', mountPath: '/more' });
    expect(metadata).toMatchObject({ annotations: { a: 'b' }, labels: { c: 'd' } });
  });

  it('should keep what selects it whatever labels are given, and those of its own before those of all', async () => {
    const one = await render({
      commonLabels: { tier: 'all', team: 'birds', 'app.kubernetes.io/instance': 'other' },
      [component]: {
        podLabels: { tier: component, 'app.kubernetes.io/component': 'other' },
        podAnnotations: { 'kubectl.kubernetes.io/default-container': 'proxy' },
      },
    });
    const { matchLabels } = one.one('Deployment', `-${component}`).spec.selector;
    const { labels, annotations } = one.pod(component).metadata;
    expect(labels).toMatchObject({ ...matchLabels, tier: component, team: 'birds' });
    expect(annotations).toEqual({ 'kubectl.kubernetes.io/default-container': 'proxy' });
    expect(one.one('Service', `-${component}-metrics`).metadata.labels).toMatchObject({ tier: 'all' });
  });

  it('should be spread over zones and nodes, each version by itself', async () => {
    const { topologySpreadConstraints } = rendered.pod(component).spec;
    expect(topologySpreadConstraints).toMatchObject(
      ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/component': component } },
        matchLabelKeys: ['pod-template-hash'],
      })),
    );
    const unspread = await render({ [component]: { topologySpread: { enabled: false } } });
    expect(unspread.pod(component).spec).not.toHaveProperty('topologySpreadConstraints');
  });
});

describe('variables of the values', () => {
  it('should reach the component that they are for', () => {
    expect(rendered.env('api')).toMatchObject({ REQUESTS_PER_SECOND_PER_ADDRESS: '50', AWS_REGION: 'us-west-2' });
    expect(rendered.env('gateway')).toMatchObject({ AWS_REGION: 'us-west-2', TRUSTED_PROXIES: 'private' });
    expect(rendered.env('gateway')).not.toHaveProperty('REQUESTS_PER_SECOND_PER_ADDRESS');
  });

  it('should be whole numbers, however large', async () => {
    const large = await render({ gateway: { maxConnections: 1_000_000, maxConnectionAgeSeconds: 3_600_000 } });
    expect(large.env('gateway')).toMatchObject({ MAX_CONNECTIONS: '1000000', MAX_CONNECTION_AGE_MS: '3600000000' });
  });

  it('should come from Secrets and ConfigMaps as a whole, too', async () => {
    const envFrom = [{ secretRef: { name: 'boards' } }];
    const with_ = await render({ envFrom });
    for (const component of ['api', 'gateway']) {
      expect(with_.container(component).envFrom).toEqual(envFrom);
    }
  });
});

describe('the account', () => {
  it('should carry annotations, such as a role of AWS', async () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/starling' };
    const one = await render({ serviceAccount: { annotations } });
    expect(one.one('ServiceAccount').metadata.annotations).toEqual(annotations);
    expect(one.pod('api').spec.serviceAccountName).toBe('flock-starling');
  });

  it('should be one that is there where none is made', async () => {
    const one = await render({ serviceAccount: { create: false, name: 'ours' } });
    expect(one.find('ServiceAccount')).toBeUndefined();
    expect(one.pod('gateway').spec.serviceAccountName).toBe('ours');
  });
});

describe('names', () => {
  it('should be those of the values', async () => {
    const names = async (values: Values) =>
      (await render(values)).all.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
    expect(await names({ fullnameOverride: 'tasks' })).toEqual(['tasks-api', 'tasks-gateway']);
    expect(await names({ nameOverride: 'flock' })).toEqual(['flock-api', 'flock-gateway']);
    for (const name of await names({ fullnameOverride: 'x'.repeat(80) })) expect(name.length).toBeLessThan(64);
  });
});
