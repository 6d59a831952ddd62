import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not the public internet's, by IANA's special-purpose registries, and the metadata services of clouds
 * that sit outside of them. A request to one of these comes from inside the network and passes for trusted there.
 */
const deniedRanges = [
  // This host, private networks, carriers' networks, loopback, link-local with 169.254.169.254.
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  // Protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  // Azure's metadata service has a public address.
  '168.63.129.16/32',
  // IPv6 inside 2000::/3 that is not the internet: protocol assignments with Teredo, documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
];

/** All of IPv6 that is assigned to the internet. */
const publicIpv6 = toBlockList(['2000::/3']);
/** IPv6 addresses whose last 32 bits are the IPv4 address that is meant: mapped ones, and those of IPv6-only networks (NAT64). */
const embedding = [toBlockList(['::ffff:0:0/96']), toBlockList(['64:ff9b::/96'])];
const denied = toBlockList(deniedRanges);

/** Says whether a connection to an IP address may be made. */
export interface AddressPolicy {
  isAllowed(address: string): boolean;
}

/**
 * Allows the public internet and what is listed: addresses (`127.0.0.1`) and ranges (`10.20.0.0/16`). An address that
 * carries another one in it (IPv4-mapped IPv6, NAT64) is judged by that one.
 *
 * @throws RangeError for an entry that is neither
 */
export function createAddressPolicy(allow: readonly string[] = []): AddressPolicy {
  const allowed = toBlockList(allow);
  return {
    isAllowed(address) {
      const plain = embeddedIpv4(address) ?? address;
      const version = isIP(plain);
      if (version === 0) return false;
      const family = version === 4 ? 'ipv4' : 'ipv6';
      if (allowed.check(plain, family)) return true;
      if (version === 6 && !publicIpv6.check(plain, family)) return false;
      return !denied.check(plain, family);
    },
  };
}

/** The IPv4 address that an IPv6 address stands for: `::ffff:7f00:1` and `64:ff9b::7f00:1` both mean 127.0.0.1. */
function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  if (!embedding.some((range) => range.check(address, 'ipv6'))) return undefined;
  // A URL is the shortest parser of IPv6 there is; it writes the last 32 bits as two hexadecimal groups.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function toBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix, ...rest] = range.split('/');
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
    if (version === 0 || rest.length > 0 || !(length <= bits)) {
      throw new RangeError(`"${range}" is neither an IP address nor a range such as 10.20.0.0/16.`);
    }
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
