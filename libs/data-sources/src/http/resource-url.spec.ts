import type { JsonValue } from '#libs/protocol';
import { describe, expect, it } from 'vitest';

import { DocumentReader } from '../document/document-reader.js';
import { buildResourceUrl } from './resource-url.js';

function urlOf(resourcePath: string, query?: JsonValue, endpoint = 'https://api.example.com'): string {
  const document = new DocumentReader({ resourcePath, params: query === undefined ? null : { query } });
  return buildResourceUrl(new URL(endpoint), document).href;
}

describe('the address of a request', () => {
  it.each([
    ['/tasks/1', 'https://api.example.com/tasks/1'],
    ['', 'https://api.example.com/'],
    ['/', 'https://api.example.com/'],
    ['/tasks//1', 'https://api.example.com/tasks//1'],
    ['/tasks/ü 1', 'https://api.example.com/tasks/%C3%BC%201'],
    ['/tasks/a%2Fb', 'https://api.example.com/tasks/a%2Fb'],
    ['/tasks/a...b/.hidden/..c', 'https://api.example.com/tasks/a...b/.hidden/..c'],
    ['/tasks?open=true', 'https://api.example.com/tasks?open=true'],
    ['/tasks?q=a?b', 'https://api.example.com/tasks?q=a?b'],
    ['/@evil.example', 'https://api.example.com/@evil.example'],
    ['/https://evil.example/', 'https://api.example.com/https://evil.example/'],
  ])('should be below the endpoint: %j', (resourcePath, url) => {
    expect(urlOf(resourcePath)).toBe(url);
  });

  it.each(['https://api.example.com/v1', 'https://api.example.com/v1/'])('should keep the path of %s', (endpoint) => {
    expect(urlOf('/tasks', undefined, endpoint)).toBe('https://api.example.com/v1/tasks');
  });

  it.each<[string, JsonValue, string]>([
    ['text', { title: 'a b&c=d' }, 'title=a%20b%26c%3Dd'],
    ['numbers and booleans', { limit: 2, open: true }, 'limit=2&open=true'],
    ['lists', { tag: ['a', 'b', 3] }, 'tag=a&tag=b&tag=3'],
    ['nothing for null', { a: null, b: [null], c: 1 }, 'c=1'],
    ['what RFC 3986 reserves', { q: "!'()*" }, 'q=%21%27%28%29%2A'],
    ['a lone surrogate', { q: '\ud800' }, 'q=%EF%BF%BD'],
    ['names as well', { 'a[b]': 'c' }, 'a%5Bb%5D=c'],
    ['line breaks', { q: 'a\r\nHost: evil' }, 'q=a%0D%0AHost%3A%20evil'],
  ])('should have a query of %s', (_, query, text) => {
    expect(urlOf('/tasks', query)).toBe(`https://api.example.com/tasks?${text}`);
  });

  it('should join the query with the one in the path', () => {
    expect(urlOf('/tasks?open=true', { limit: 2 })).toBe('https://api.example.com/tasks?open=true&limit=2');
  });

  it('should be refused for an object in the query', () => {
    expect(() => urlOf('/tasks', { filter: { open: true } })).toThrow(
      "Expected a string, number, boolean or list of these for field '$[params][query][filter]', but got an object with open.",
    );
  });
});

describe('a path that leads elsewhere', () => {
  it.each([
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    'https://evil.example/',
    '@evil.example/',
    ':81/',
    '.evil.example/',
    'tasks',
    '/../admin',
    '/tasks/..',
    '/tasks/../../admin',
    '/tasks/./1',
    '/tasks/%2e%2e/admin',
    '/tasks/.%2E/admin',
    '/tasks%2f..%2fadmin',
    '/tasks#fragment',
    '/tasks\r\nHost: evil.example',
    '/tasks\t',
    '/tasks\u0000',
    '/ta\u0085sks',
    ' /tasks',
    '/tasks ',
  ])('should be refused: %j', (resourcePath) => {
    expect(() => urlOf(resourcePath)).toThrow(/^Expected a path below the endpoint for field '\$\[resourcePath\]'/);
  });
});
