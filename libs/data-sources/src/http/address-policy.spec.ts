import { describe, expect, it } from 'vitest';

import { createAddressPolicy } from './address-policy.js';

describe('an address policy', () => {
  it.each(['93.184.215.14', '8.8.8.8', '172.15.255.255', '172.32.0.0', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])(
    'should allow the public internet: %s',
    (address) => {
      expect(createAddressPolicy().isAllowed(address)).toBe(true);
    },
  );

  it.each([
    ['this host', '0.0.0.0'],
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.255.254'],
    ['loopback, IPv6', '::1'],
    ['no address, IPv6', '::'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.1.1'],
    ['a unique local address', 'fc00::1'],
    ["a carrier's network", '100.64.0.1'],
    ['metadata of AWS, Google and Azure', '169.254.169.254'],
    ['metadata of AWS, IPv6', 'fd00:ec2::254'],
    ['metadata of Alibaba', '100.100.100.200'],
    ['metadata of Oracle', '192.0.0.192'],
    ['metadata of Azure', '168.63.129.16'],
    ['link-local, IPv6', 'fe80::1'],
    ['link-local with its zone', 'fe80::1%eth0'],
    ['multicast', '224.0.0.1'],
    ['multicast, IPv6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['documentation', '203.0.113.7'],
    ['documentation, IPv6', '2001:db8::1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['loopback, mapped and in hexadecimal', '::ffff:7f00:1'],
    ['metadata, mapped', '::ffff:169.254.169.254'],
    ['loopback, compatible', '::127.0.0.1'],
    ['metadata behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['loopback behind 6to4', '2002:7f00:1::'],
    ['loopback behind Teredo', '2001:0:7f00:1::'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('should deny %s: %s', (_, address) => {
    expect(createAddressPolicy().isAllowed(address)).toBe(false);
  });

  it.each(['::ffff:8.8.8.8', '64:ff9b::808:808'])('should judge an address by the one that is in it: %s', (address) => {
    expect(createAddressPolicy().isAllowed(address)).toBe(true);
  });
});

describe('what is allowed besides', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.2', false],
    [['127.0.0.1'], '::ffff:127.0.0.1', true],
    [['10.20.0.0/16'], '10.20.255.1', true],
    [['10.20.0.0/16'], '10.21.0.1', false],
    [['::1'], '::1', true],
    [['fd12::/16'], 'fd12::7', true],
    [['fd12::/16'], 'fd00:ec2::254', false],
  ])('should be %j for %s: %j', (allow, address, isAllowed) => {
    expect(createAddressPolicy(allow).isAllowed(address)).toBe(isAllowed);
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '::1/129', ''])(
    'should be refused when it is neither address nor range: "%s"',
    (entry) => {
      expect(() => createAddressPolicy([entry])).toThrow(
        new RangeError(`"${entry}" is neither an IP address nor a range such as 10.20.0.0/16.`),
      );
    },
  );
});
