import { describe, expect, it } from 'vitest';
import { connectionHeaders } from './connection-headers.js';

describe('connectionHeaders', () => {
  it.each([
    ['none', {}, {}, {}],
    ['of the handshake', {}, { host: 'a', cookie: 'c' }, { host: 'a', cookie: 'c' }],
    [
      'of the payload before those',
      { 'X-API-Key': '1' },
      { 'x-api-key': '2', host: 'a' },
      { 'x-api-key': '1', host: 'a' },
    ],
    ['under headers before its top', { host: 'b', headers: { Host: 'c' } }, { host: 'a' }, { host: 'c' }],
    ['the first of two spellings', { Authorization: '1', authorization: '2' }, {}, { authorization: '1' }],
    ['the first of several values', { a: ['1', '2'] }, { b: ['3', '4'] }, { a: '1', b: '3' }],
    ['texts only', { a: 1, b: null, c: {}, headers: ['x'] }, { d: undefined }, { headers: 'x' }],
    ['no word about the handshake itself', {}, { upgrade: 'websocket', connection: 'x', 'sec-websocket-key': 'k' }, {}],
    [
      'names that objects have',
      { constructor: 'c', headers: { toString: 't' } },
      {},
      { constructor: 'c', tostring: 't' },
    ],
  ])('should have %s', (_name, params, handshake, expected) => {
    expect({ ...connectionHeaders(params, handshake) }).toEqual(expected);
  });
});
