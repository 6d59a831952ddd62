import { beforeAll, describe, expect, it } from 'vitest';
import { render, toolTimeoutMs } from './chart.js';
import type { Rendered, Values } from './chart.js';
import { podOf, Policies, releaseNamespace } from './policies.js';
import type { Party, Port } from './policies.js';

const trial: Values = { redis: { url: '', trial: { enabled: true } } };

const inNamespace = (namespace: string, labels: Record<string, string> = {}): Party => ({
  namespace,
  labels,
  ports: { dns: 53 },
  ip: '10.244.9.9',
});

const strangers: Record<string, Party> = {
  'a neighbour': inNamespace(releaseNamespace, { app: 'neighbour' }),
  'a pod of another namespace': inNamespace('elsewhere'),
  prometheus: inNamespace('monitoring'),
  dns: inNamespace('kube-system', { 'k8s-app': 'kube-dns' }),
  'an ingress controller': inNamespace('ingress-nginx'),
  aws: { ip: '52.94.5.1' },
  'aws, by IPv6': { ip: '2600:1f14::1' },
  'the metadata of a cloud': { ip: '169.254.169.254' },
  'a private address': { ip: '10.0.3.4' },
  'a private address, by IPv6': { ip: 'fd00::1' },
  'the Redis of elsewhere': { ip: '10.0.9.9' },
};

/** Every place that somebody may knock at. */
const ports: Record<string, Port> = {
  'api http': { number: 4000 },
  'gateway http': { number: 4001 },
  'api metrics': { number: 4100 },
  'gateway metrics': { number: 4101 },
  redis: { number: 6379 },
  'dns udp': { number: 53, protocol: 'UDP' },
  'dns tcp': { number: 53 },
  'dns of OpenShift': { number: 5353, protocol: 'UDP' },
  https: { number: 443 },
  http: { number: 80 },
  ssh: { number: 22 },
};

/** All that is let through between the parties, as sentences. */
function openings(rendered: Rendered): string[] {
  const policies = new Policies(rendered);
  const own = ['api', 'gateway', 'redis', 'test'].filter((component) =>
    rendered.pods.some(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component),
  );
  const parties = { ...Object.fromEntries(own.map((one) => [one, podOf(rendered, one)])), ...strangers };
  const found: string[] = [];
  for (const [fromName, from] of Object.entries(parties)) {
    for (const [toName, to] of Object.entries(parties)) {
      // What strangers do among themselves is not ours.
      if (fromName === toName || !(own.includes(fromName) || own.includes(toName))) continue;
      for (const [portName, port] of Object.entries(ports)) {
        if (policies.allow(from, to, port)) found.push(`${fromName} → ${toName}: ${portName}`);
      }
    }
  }
  return found;
}

const all = Object.keys(strangers);
const client = (to: string, from: readonly string[]) => from.map((one) => `${one} → ${to}: ${to} http`);
const outward = (from: string) => [
  `${from} → dns: dns udp`,
  `${from} → dns: dns tcp`,
  `${from} → aws: https`,
  `${from} → aws, by IPv6: https`,
];

describe('the network policies', () => {
  let withTrial: Rendered;
  beforeAll(async () => {
    withTrial = await render(trial);
  }, toolTimeoutMs);

  it('should let through what is needed, and nothing else', () => {
    expect(openings(withTrial).sort()).toEqual(
      [
        ...client(
          'api',
          ['gateway', 'test', ...all].filter((one) => one !== 'gateway'),
        ),
        ...client('gateway', ['test', ...all]),
        'prometheus → api: api metrics',
        'prometheus → gateway: gateway metrics',
        'api → redis: redis',
        'gateway → redis: redis',
        ...outward('api'),
        ...outward('gateway'),
        'test → dns: dns udp',
        'test → dns: dns tcp',
      ].sort(),
    );
  });

  it('should let only those be clients that are named, and helm test', async () => {
    const clients = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }];
    const rendered = await render({ ...trial, networkPolicy: { clients } });
    expect(openings(rendered).filter((one) => one.endsWith(' http'))).toEqual([
      'test → api: api http',
      'test → gateway: gateway http',
      'an ingress controller → api: api http',
      'an ingress controller → gateway: gateway http',
    ]);
  });

  it('should open the ports of a Redis that is elsewhere, and nothing more of it where its place is known', async () => {
    const toRedis = (rendered: Rendered) => openings(rendered).filter((one) => /^(api|gateway) → .*: redis$/.test(one));
    expect(toRedis(await render()).length).toBeGreaterThan(2);
    const known = await render({ networkPolicy: { redis: { peers: [{ ipBlock: { cidr: '10.0.9.0/24' } }] } } });
    expect(toRedis(known)).toEqual(['api → the Redis of elsewhere: redis', 'gateway → the Redis of elsewhere: redis']);
  });

  it('should close the outside where no addresses are given, and take further rules', async () => {
    const rendered = await render({
      networkPolicy: {
        outside: { cidrs: [] },
        extraEgress: [{ to: [{ ipBlock: { cidr: '10.0.3.0/24' } }], ports: [{ port: 443 }] }],
      },
    });
    expect(openings(rendered).filter((one) => one.endsWith('https'))).toEqual([
      'api → a private address: https',
      'gateway → a private address: https',
    ]);
  });

  it('should close what is left without ports, or without anybody who answers for names', async () => {
    const rendered = await render({
      networkPolicy: { redis: { ports: [] }, outside: { ports: [] }, dns: [] },
      redis: { url: '', existingSecret: 'redis' },
    });
    expect(openings(rendered).filter((one) => /^(api|gateway|test) →/.test(one))).toEqual([
      'test → api: api http',
      'test → gateway: gateway http',
    ]);
    const nameless = await render({ networkPolicy: { dnsPorts: [] } });
    expect(openings(nameless).filter((one) => one.includes('dns'))).toEqual(
      openings(await render()).filter((one) => one.includes('dns') && !one.includes(': dns')),
    );
  });

  it('should ask for names where they are answered, those of helm test too', async () => {
    const rendered = await render({ networkPolicy: { dnsPorts: [5353] } });
    expect(openings(rendered).filter((one) => one.includes(': dns'))).toEqual(
      ['api', 'gateway', 'test'].map((one) => `${one} → dns: dns of OpenShift`),
    );
  });

  it.each<[string, readonly string[], readonly string[], readonly (readonly string[] | undefined)[]]>([
    ['of everything', ['0.0.0.0/0', '::/0'], ['10.0.0.0/8', 'fc00::/7'], [['10.0.0.0/8'], ['fc00::/7']]],
    [
      'of a part',
      ['52.0.0.0/8', '0.0.0.0/1'],
      ['52.94.0.0/16', '10.0.0.0/8', '192.168.0.0/16'],
      [['52.94.0.0/16'], ['52.94.0.0/16', '10.0.0.0/8']],
    ],
    [
      'of what is apart',
      ['52.94.0.0/16', '10.1.0.0/16', '2600::/16'],
      ['10.0.0.0/8', 'fc00::/7'],
      [undefined, undefined, undefined],
    ],
    ['of the whole itself', ['10.0.0.0/8', '10.1.2.3/32'], ['10.0.0.0/8', '10.1.2.3/32'], [['10.1.2.3/32'], undefined]],
  ])('should except addresses of those only that they are a part of: %s', async (_, cidrs, except, expected) => {
    const { egress } = (await render({ networkPolicy: { outside: { cidrs, except } } })).one('NetworkPolicy', '-api')
      .spec as unknown as { egress: { to?: { ipBlock?: { except?: string[] } }[] }[] };
    const blocks = egress.flatMap(({ to }) => to ?? []).filter(({ ipBlock }) => ipBlock);
    expect(blocks.map(({ ipBlock }) => ipBlock?.except)).toEqual(expected);
  });

  it('should close the metrics where nobody is named', async () => {
    const rendered = await render({ networkPolicy: { metrics: [] } });
    expect(openings(rendered).filter((one) => one.endsWith('metrics'))).toEqual([]);
  });

  it('should be left out when they are not wanted', async () => {
    const rendered = await render({ ...trial, networkPolicy: { enabled: false } });
    expect(rendered.all.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
  });
});
