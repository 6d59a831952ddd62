import { describe, expect, it } from 'vitest';
import { readBearerToken, readCredentials } from './credentials.js';

describe('credentials', () => {
  it.each([
    {
      name: 'names in any case',
      source: { Authorization: 'a', 'X-API-Key': 'b' },
      headers: { authorization: 'a', 'x-api-key': 'b' },
    },
    {
      name: 'the first of two spellings',
      source: { Authorization: 'a', authorization: 'b' },
      headers: { authorization: 'a' },
    },
    { name: 'the first of a repeated header', source: { authorization: ['a', 'b'] }, headers: { authorization: 'a' } },
    { name: 'text only', source: { a: 1, b: null, c: {}, d: [], e: [1], f: undefined, g: 'g' }, headers: { g: 'g' } },
    { name: 'nothing from null', source: null, headers: {} },
    { name: 'nothing from a list', source: ['a'], headers: {} },
    { name: 'nothing from text', source: 'authorization', headers: {} },
    { name: 'nothing from a missing payload', source: undefined, headers: {} },
  ])('should have $name', ({ source, headers }) => {
    expect({ ...readCredentials(source, []).headers }).toEqual(headers);
  });

  it('should not take a member of all objects for a header', () => {
    const { headers } = readCredentials(JSON.parse('{"__proto__": {"authorization": "a"}}'), []);
    expect(headers['authorization']).toBeUndefined();
    expect(headers['constructor']).toBeUndefined();
  });

  it('should leave a token alone whose own text starts with bearer', () => {
    expect(readBearerToken(readCredentials({ authorization: 'bearer-of-news' }, []))).toBe('bearer-of-news');
  });
});
