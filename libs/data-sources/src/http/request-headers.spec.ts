import type { JsonObject, JsonValue } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { DocumentReader } from '../document/document-reader.js';
import { readRequestHeaders } from './request-headers.js';

function read(headers: JsonValue): Record<string, string> {
  return { ...readRequestHeaders(new DocumentReader({ headers })) };
}

describe('the headers of a request', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['text', { 'Content-Type': 'text/xml' }, { 'content-type': 'text/xml' }],
    ['numbers and booleans', { 'x-limit': 2, 'x-open': true }, { 'x-limit': '2', 'x-open': 'true' }],
    ['lists', { accept: ['text/xml', 'text/plain'] }, { accept: 'text/xml, text/plain' }],
    ['two spellings of one name', { Accept: 'a', ACCEPT: 'b' }, { accept: 'a, b' }],
    ['nothing for null', { 'x-board': null }, {}],
    ['a tab', { 'x-board': 'a\tb' }, { 'x-board': 'a\tb' }],
    ['Latin letters', { 'x-board': 'ü' }, { 'x-board': 'ü' }],
    ['a name of objects', { constructor: 'a' }, { constructor: 'a' }],
  ])('should take %s', (_, headers, read_) => {
    expect(read(headers)).toEqual(read_);
  });

  it.each(['Host', 'Connection', 'User-Agent', 'Expect', 'Transfer-Encoding', 'content-length', 'Upgrade', 'TE'])(
    'should leave out what a document has no say in: %s',
    (name) => {
      expect(read({ [name]: 'x', 'x-board': 'b1' })).toEqual({ 'x-board': 'b1' });
    },
  );

  it.each(['a\r\nHost: evil', 'a\nb', 'a\rb', 'a\u0000b', 'a\u2028b', '\u{1f600}'])(
    'should be refused with the value %j',
    (value) => {
      expect(() => read({ 'x-board': value })).toThrow("The value of header '$[headers][x-board]' has line breaks");
    },
  );

  it.each(['', 'a b', 'a:b', 'a\r\nHost', 'ü'])('should be refused with the name %j', (name) => {
    expect(() => read({ [name]: 'x' })).toThrow(/^The name of header '.*' is not valid\.$/);
  });

  it('should be refused with an object as a value', () => {
    expect(() => read({ 'x-board': { id: 1 } })).toThrow('Expected a string, number, boolean or list of these');
  });
});
