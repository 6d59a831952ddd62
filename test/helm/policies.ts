import { BlockList, isIPv6 } from 'node:net';
import type { Manifest, Rendered } from './chart.js';

/** Who speaks or is spoken to: a pod, or an address outside of the cluster. */
export type Party =
  | {
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
      /** Named ports of its containers. */
      readonly ports?: Readonly<Record<string, number>>;
      readonly ip?: string;
    }
  | { readonly ip: string };

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port?: number | string; readonly protocol?: string }[];
}

/** A port that is asked for. */
export interface Port {
  readonly number: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** The release's namespace in these tests. */
export const releaseNamespace = 'birds';

/**
 * Whether a connection is let through by NetworkPolicies: by those of the one who begins it and by those of the one it goes to. A pod
 * that no policy selects for a direction is open in it; a selected one is open to what any rule names, and to nothing else.
 */
export class Policies {
  readonly #policies: readonly Manifest[];

  constructor(rendered: Rendered) {
    this.#policies = rendered.all.filter(({ kind }) => kind === 'NetworkPolicy');
  }

  allow(from: Party, to: Party, port: Port): boolean {
    return this.#isOpen('Egress', from, to, to, port) && this.#isOpen('Ingress', to, from, to, port);
  }

  #isOpen(direction: 'Ingress' | 'Egress', subject: Party, other: Party, target: Party, port: Port): boolean {
    if (!('labels' in subject) || subject.namespace !== releaseNamespace) return true;
    const selecting = this.#policies.filter(
      ({ spec }) =>
        (spec.policyTypes as string[]).includes(direction) && matches(spec.podSelector as Selector, subject.labels),
    );
    if (selecting.length === 0) return true;
    const rules = selecting.flatMap(({ spec }) => (spec[direction.toLowerCase()] ?? []) as Rule[]);
    return rules.some((rule) => {
      const peers = direction === 'Ingress' ? rule.from : rule.to;
      // Without peers a rule is about everybody; an empty list is none at all in the API's words, and everybody too.
      const isPeer = !peers || peers.length === 0 || peers.some((peer) => isPeerOf(peer, other));
      return isPeer && (!rule.ports || rule.ports.some((one) => isPort(one, target, port)));
    });
  }
}

function isPort(rule: { port?: number | string; protocol?: string }, target: Party, port: Port): boolean {
  if ((rule.protocol ?? 'TCP') !== (port.protocol ?? 'TCP')) return false;
  if (typeof rule.port !== 'string') return rule.port === undefined || rule.port === port.number;
  // A name means nothing outside of pods.
  return 'labels' in target && target.ports?.[rule.port] === port.number;
}

function isPeerOf({ podSelector, namespaceSelector, ipBlock }: Peer, party: Party): boolean {
  if (ipBlock) {
    const { ip } = party;
    return ip !== undefined && contains(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((one) => contains(one, ip));
  }
  if (!('labels' in party)) return false;
  const isNamespace = namespaceSelector
    ? matches(namespaceSelector, { 'kubernetes.io/metadata.name': party.namespace })
    : party.namespace === releaseNamespace;
  return isNamespace && (!podSelector || matches(podSelector, party.labels));
}

function matches({ matchLabels = {} }: Selector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

function contains(cidr: string, ip: string): boolean {
  const [address = '', prefix] = cidr.split('/');
  if (isIPv6(address) !== isIPv6(ip)) return false;
  const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
  // BlockList takes no prefix of 0.
  if (prefix === '0') return true;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family);
  return list.check(ip, family);
}

/** A pod of the release, with the named ports of its containers. */
export function podOf(rendered: Rendered, component: string): Party {
  const pod = rendered.pod(component);
  const ports = pod.spec.containers[0]?.ports ?? [];
  return {
    namespace: releaseNamespace,
    labels: pod.metadata.labels,
    ports: Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort])),
    ip: '10.244.0.7',
  };
}
