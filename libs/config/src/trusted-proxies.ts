import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** The peers whose `x-forwarded-for` is believed. */
export interface TrustedProxies {
  /** Whether an address, in the form that {@link clientAddresses} gives, is one of them. */
  readonly has: (address: string) => boolean;
}

/** What the words of the setting stand for. */
const words: Readonly<Record<string, readonly string[]>> = Object.freeze({
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
});

/**
 * Reads the setting TRUSTED_PROXIES: addresses and CIDR ranges, IPv4 and IPv6, and the words `loopback` and `private`, separated by
 * commas. Throws with the part that is none of these. A range of every address is refused: whoever is trusted chooses
 * the address that a request seems to come from.
 */
export function parseTrustedProxies(text: string): TrustedProxies {
  const list = new BlockList();
  for (const part of text.split(',').map((it) => it.trim())) {
    if (part === '') continue;
    for (const range of words[part.toLowerCase()] ?? [part]) addRange(list, range);
  }
  return Object.freeze({
    has: (address: string) => isIP(address) !== 0 && list.check(address, familyOf(address)),
  });
}

function addRange(list: BlockList, range: string): void {
  const [written = '', prefix, ...rest] = range.split('/');
  const address = isIP(written) ? canonical(written) : undefined;
  const bits = Number(prefix);
  const maxBits = address?.includes(':') ? 128 : 32;
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && bits <= maxBits);
  if (address === undefined || rest.length > 0 || !isPrefix) {
    throw new Error(`must list addresses, CIDR ranges, "loopback" or "private", not "${range}"`);
  }
  if (prefix === undefined) list.addAddress(address, familyOf(address));
  else if (bits > 0) list.addSubnet(address, bits, familyOf(address));
  else throw new Error(`must not trust every address, as "${range}" does: a client could then claim any`);
}

/**
 * The addresses that a request came through: the client first, the TCP peer last, as `$ctx.identity.sourceIp` has them (AppSync
 * reference, section 6). The header is read from its right end, where the nearest proxy wrote, and only as long as the address
 * that wrote an entry is trusted: what a client writes itself is never reached. An entry that is no address ends the reading.
 * IPv4 addresses in IPv6 spelling are given as IPv4; ports are left out. Without trusted proxies the peer is all there is.
 */
export function clientAddresses(
  peer: string | undefined,
  xForwardedFor: string | readonly string[] | undefined,
  proxies: TrustedProxies | undefined,
): string[] {
  let current = peer === undefined ? undefined : (canonical(peer) ?? peer);
  if (current === undefined) return [];
  const addresses = [current];
  const entries =
    typeof xForwardedFor === 'string' ? xForwardedFor.split(',') : (xForwardedFor ?? []).join().split(',');
  while (entries.length > 0 && proxies?.has(current)) {
    current = canonical(withoutPort(entries.pop()!.trim()));
    if (current === undefined) break;
    addresses.unshift(current);
  }
  return addresses;
}

/**
 * The network that an address is counted under where each client may have only so much: an IPv4 address itself, the /64 of an
 * IPv6 address, because one subscriber has all of that.
 */
export function addressBlock(address: string): string {
  const canonicalAddress = canonical(address);
  if (!canonicalAddress?.includes(':')) return address;
  const [head = '', tail] = canonicalAddress.split('::');
  const written = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - written.length - (tail === '' ? 0 : tail.split(':').length);
  const groups = [...written, ...Array<string>(missing).fill('0'), ...(tail ? tail.split(':') : [])];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** Proxies write `1.2.3.4:5678` and `[::1]:5678` as well. */
function withoutPort(entry: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry) ?? [];
  return bracketed ?? entry.replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');
}

const mappedIpv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** One spelling for each address; undefined for what is none. The zone of a link-local address belongs to one machine only. */
function canonical(written: string): string | undefined {
  // The ordinary ones first: each request has one, and a SocketAddress costs a microsecond.
  const ipv4 = mappedIpv4.exec(written)?.[1] ?? written;
  if (isIPv4(ipv4)) return ipv4;
  const address = written.replace(/%.*$/s, '');
  if (!isIPv6(address)) return undefined;
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address;
  return mappedIpv4.exec(spelled)?.[1] ?? spelled;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
