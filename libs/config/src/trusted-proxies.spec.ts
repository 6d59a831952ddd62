import { describe, expect, it } from 'vitest';
import { addressBlock, clientAddresses, parseTrustedProxies } from './trusted-proxies.js';

const proxies = parseTrustedProxies('loopback, 10.1.0.0/16, 203.0.113.7, 2001:db8:1::/48');

describe('the addresses of a client', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['the peer alone where nothing is forwarded', '10.1.2.3', undefined, ['10.1.2.3']],
    ['the peer alone where it is not trusted', '198.51.100.9', '192.0.2.1', ['198.51.100.9']],
    ['the client and the proxy', '10.1.2.3', '192.0.2.1', ['192.0.2.1', '10.1.2.3']],
    [
      'every trusted hop',
      '10.1.2.3',
      '192.0.2.1, 203.0.113.7,10.1.9.9',
      ['192.0.2.1', '203.0.113.7', '10.1.9.9', '10.1.2.3'],
    ],
    ['nothing a client wrote itself', '10.1.2.3', '127.0.0.1, 1.1.1.1, 192.0.2.1', ['192.0.2.1', '10.1.2.3']],
    [
      'nothing beyond an entry that is no address',
      '10.1.2.3',
      '192.0.2.1, unknown, 10.1.9.9',
      ['10.1.9.9', '10.1.2.3'],
    ],
    ['nothing of an empty header', '10.1.2.3', '', ['10.1.2.3']],
    ['nothing beyond an empty entry', '10.1.2.3', '192.0.2.1,,', ['10.1.2.3']],
    ['nothing of a decimal address', '10.1.2.3', '3232235777', ['10.1.2.3']],
    ['nothing of markup', '10.1.2.3', '<script>', ['10.1.2.3']],
    ['IPv4 without its port', '10.1.2.3', '192.0.2.1:443', ['192.0.2.1', '10.1.2.3']],
    ['IPv6 without brackets and port', '::1', '[2001:db8:ffff::1]:443', ['2001:db8:ffff::1', '::1']],
    ['IPv6 in one spelling', '::1', '2001:DB8:0:0::9', ['2001:db8::9', '::1']],
    ['IPv6 proxies by their range', '2001:db8:1::5', '192.0.2.1', ['192.0.2.1', '2001:db8:1::5']],
    ['mapped addresses as IPv4', '::ffff:10.1.2.3', '::ffff:192.0.2.1', ['192.0.2.1', '10.1.2.3']],
    ['addresses without their zone', 'fe80::1%eth0', '192.0.2.1', ['fe80::1']],
  ])('should be %s', (_what, peer, forwarded, expected) => {
    expect(clientAddresses(peer, forwarded, proxies)).toEqual(expected);
  });

  it('should be the peer alone where no proxy is trusted', () => {
    expect(clientAddresses('127.0.0.1', '192.0.2.1', undefined)).toEqual(['127.0.0.1']);
    expect(clientAddresses('127.0.0.1', '192.0.2.1', parseTrustedProxies(''))).toEqual(['127.0.0.1']);
  });

  it('should take a repeated header as one list', () => {
    expect(clientAddresses('127.0.0.1', ['1.1.1.1', '192.0.2.1'], proxies)).toEqual(['192.0.2.1', '127.0.0.1']);
  });

  it('should be none when the peer has gone', () => {
    expect(clientAddresses(undefined, '192.0.2.1', proxies)).toEqual([]);
  });

  it('should take the words for what they say', () => {
    const { has } = parseTrustedProxies('private,Loopback');
    expect(['10.0.0.1', '172.31.0.1', '192.168.1.1', 'fd00::1', '127.9.9.9', '::1'].map(has)).not.toContain(false);
    expect(['172.32.0.1', '169.254.169.254', '8.8.8.8', 'fe80::1', ''].map(has)).not.toContain(true);
  });
});

describe('the setting of trusted proxies', () => {
  it.each(['nginx', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '::1/129', '1.2.3.4/-1', '[::1]'])(
    'should be refused for %s',
    (text) => {
      expect(() => parseTrustedProxies(`10.0.0.1, ${text}`)).toThrow(
        `must list addresses, CIDR ranges, "loopback" or "private", not "${text}"`,
      );
    },
  );

  it.each(['0.0.0.0/0', '::/0'])('should be refused for %s, which is everybody', (text) => {
    expect(() => parseTrustedProxies(text)).toThrow(`must not trust every address, as "${text}" does`);
  });
});

describe('the network that a client is counted under', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3::6', '2001:db8:1:2::/64'],
    ['unix', 'unix'],
  ])('should be that of %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });
});
