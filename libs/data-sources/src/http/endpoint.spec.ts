import { describe, expect, it } from 'vitest';

import { createAddressPolicy } from './address-policy.js';
import { readEndpoint } from './endpoint.js';

const policy = createAddressPolicy();

describe('an endpoint', () => {
  it.each(['https://api.example.com', 'http://api.example.com:8080/v1', 'https://8.8.8.8'])('should be %s', (text) => {
    expect(readEndpoint(text, policy).href).toBe(new URL(text).href);
  });

  it.each([
    ['no URL', 'api.example.com', 'is not a URL'],
    ['another scheme', 'file:///etc/passwd', 'must begin with https:// or http://'],
    ['a user', 'https://user:secret@api.example.com', 'must not have a user name or password'],
    ['a query', 'https://api.example.com?key=secret', 'must have neither query nor fragment'],
    ['a fragment', 'https://api.example.com#top', 'must have neither query nor fragment'],
  ])('should be refused with %s', (_, text, message) => {
    expect(() => readEndpoint(text, policy)).toThrow(RangeError);
    expect(() => readEndpoint(text, policy)).toThrow(message);
    expect(() => readEndpoint(text, policy)).not.toThrow('secret');
  });

  it.each([
    ['http://127.0.0.1', '127.0.0.1'],
    ['http://2130706433', '127.0.0.1'],
    ['http://0x7f.1', '127.0.0.1'],
    ['http://0177.0.0.1', '127.0.0.1'],
    ['http://0', '0.0.0.0'],
    ['http://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['http://[::1]:80', '::1'],
    ['http://[::ffff:127.0.0.1]', '::ffff:7f00:1'],
  ])('should be refused however a denied address is spelt: %s', (text, address) => {
    expect(() => readEndpoint(text, policy)).toThrow(`The HTTP endpoint ${address} is not on the public internet.`);
  });

  it('should be a denied address once that is allowed', () => {
    expect(readEndpoint('http://2130706433:81', createAddressPolicy(['127.0.0.1'])).host).toBe('127.0.0.1:81');
  });
});
