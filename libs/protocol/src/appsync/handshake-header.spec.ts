import { describe, expect, it } from 'vitest';
import { RequestError } from '../errors.js';
import { lowerCaseHeaders, readHandshakeHeaders } from './handshake-header.js';
import type { HandshakeSource } from './handshake-header.js';

const nothing: HandshakeSource = { subprotocols: ['graphql-ws'], query: '', headers: {} };
const inSubprotocol = (...encoded: string[]): HandshakeSource => ({
  ...nothing,
  subprotocols: ['graphql-ws', ...encoded.map((one) => `header-${one}`)],
});
const inQuery = (query: string): HandshakeSource => ({ ...nothing, query });

const read = (source: HandshakeSource) => ({ ...readHandshakeHeaders(source) });
const encode = (value: unknown, encoding: BufferEncoding = 'base64url') =>
  Buffer.from(JSON.stringify(value)).toString(encoding);

/** Base64 of this has `+`, `/` and two characters of padding. */
const tricky = { host: 'a', 'x-api-key': '??>>~~ü?>' };
const trickyBase64 = encode(tricky, 'base64');

const token = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl';

describe('readHandshakeHeaders', () => {
  it('should have the characters in its fixture that tell the alphabets apart', () => {
    for (const character of ['+', '/', '==']) expect(trickyBase64).toContain(character);
  });

  it.each([
    ['base64url without padding in the subprotocol', inSubprotocol(encode(tricky))],
    ['base64url with padding in the subprotocol', inSubprotocol(`${encode(tricky)}==`)],
    ['base64 with padding in the query', inQuery(`header=${trickyBase64}&payload=e30=`)],
    ['base64 without padding in the query', inQuery(`payload=e30=&header=${trickyBase64.replace(/=+$/, '')}`)],
    ['URL-encoded base64 in the query', inQuery(`header=${encodeURIComponent(trickyBase64)}`)],
    ['base64url in the query', inQuery(`header=${encode(tricky)}`)],
    ['a query among unknown parameters', inQuery(`x-custom=1&header=${trickyBase64}&headers=no`)],
    ['headers of the request itself', { ...nothing, headers: { 'x-api-key': tricky['x-api-key'], host: 'a' } }],
  ])('should read %s', (_name, source) => {
    expect(read(source)).toEqual(tricky);
  });

  it.each([
    [
      'the subprotocol before the query',
      { ...inSubprotocol(encode({ 'x-api-key': 'sub' })), query: `header=${encode({ 'x-api-key': 'query' })}` },
      'sub',
    ],
    [
      'the query before the request',
      { ...inQuery(`header=${encode({ 'x-api-key': 'query' })}`), headers: { 'x-api-key': 'request' } },
      'query',
    ],
  ])('should take %s', (_name, source, key) => {
    expect(read(source)['x-api-key']).toBe(key);
  });

  it('should not fall back to the request when the header object has no credentials', () => {
    const source = { ...inSubprotocol(encode({ host: 'a' })), headers: { 'x-api-key': 'request' } };
    expect(read(source)).toEqual({ host: 'a' });
  });

  it.each([
    ['not base64', inSubprotocol('a.b')],
    ['empty in the subprotocol', inSubprotocol('')],
    ['empty in the query', inQuery('header=')],
    ['padding in the middle', inSubprotocol('YQ==YQ')],
    ['blank for plus, as form decoding would make it', inQuery(`header=${trickyBase64.replace('+', '%20')}`)],
    ['base64 of no JSON', inSubprotocol(Buffer.from('meow').toString('base64url'))],
    ['base64 of half a token', inSubprotocol(Buffer.from(`{"Authorization":"${token}`).toString('base64url'))],
    ['base64 of invalid UTF-8', inSubprotocol(Buffer.from([0x7b, 0xff, 0xfe]).toString('base64url'))],
    ['a list', inSubprotocol(encode([{ Authorization: token }]))],
    ['a text', inSubprotocol(encode(token))],
    ['null', inSubprotocol(encode(null))],
    ['twice in the subprotocol', inSubprotocol(encode(tricky), encode(tricky))],
    ['twice in the query', inQuery(`header=${encode(tricky)}&header=${encode(tricky)}`)],
    ['a broken percent sign', inQuery('header=%E0%A4%A')],
  ])('should refuse a header that is %s, without quoting it', (_name, source) => {
    let refusal: unknown;
    try {
      readHandshakeHeaders(source);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(RequestError);
    const { code, message, cause } = refusal as RequestError;
    expect(code).toBe('BAD_REQUEST');
    expect(`${message} ${String(cause)}`).not.toContain(token.slice(0, 8));
  });
});

describe('lowerCaseHeaders', () => {
  it.each([
    ['either spelling', { AUTHORIZATION: 't' }, { authorization: 't' }],
    ['the first of two spellings', { Authorization: 'first', authorization: 'second' }, { authorization: 'first' }],
    ['the first of a list', { 'X-Api-Key': ['a', 'b'] }, { 'x-api-key': 'a' }],
    ['texts only', { a: 1, b: null, c: { d: 'e' }, f: [], g: true, h: 'text' }, { h: 'text' }],
  ])('should take %s', (_name, headers, expected) => {
    expect({ ...lowerCaseHeaders(headers) }).toEqual(expected);
  });

  it("should have none of an object's own names, and take __proto__ for a name like any other", () => {
    const hostile = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, unknown>;
    const headers = lowerCaseHeaders(hostile);
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect('toString' in headers).toBe(false);
    expect(({} as Record<string, unknown>).p).toBeUndefined();
  });
});
