import { describe, expect, it } from 'vitest';
import { parseAllowedOrigins } from './allowed-origins.js';

describe('parseAllowedOrigins', () => {
  const listed = parseAllowedOrigins('https://app.example.com, http://localhost:3000,capacitor://localhost');

  it.each(['https://app.example.com', 'http://localhost:3000', 'capacitor://localhost'])(
    'should let %s in',
    (origin) => {
      expect(listed.has(origin)).toBe(true);
    },
  );

  it('should let a request in that no browser sent', () => {
    expect(listed.has(undefined)).toBe(true);
  });

  it.each([
    ['null, which a sandboxed frame sends', 'null'],
    ['an empty one', ''],
    ['another scheme', 'http://app.example.com'],
    ['another port', 'https://app.example.com:8443'],
    ['a subdomain', 'https://x.app.example.com'],
    ['the parent domain', 'https://example.com'],
    ['the name as the beginning of another', 'https://app.example.com.evil.test'],
    ['the name as the end of another', 'https://evilapp.example.com'],
    ['the name as a user', 'https://app.example.com@evil.test'],
    ['the name with a dot behind it', 'https://app.example.com.'],
    ['a path behind it', 'https://app.example.com/'],
    ['two at once', 'https://app.example.com, https://evil.test'],
    ['a dot where any character would match a pattern', 'https://appxexample.com'],
  ])('should refuse %s', (_name, origin) => {
    expect(listed.has(origin)).toBe(false);
  });

  it.each(['null', '', 'https://any.example.com', undefined])('should let %j in with *', (origin) => {
    expect(parseAllowedOrigins('*').has(origin)).toBe(true);
  });

  it('should know an origin by what browsers send for it', () => {
    expect(parseAllowedOrigins('https://APP.example.com:443').has('https://app.example.com')).toBe(true);
    expect(parseAllowedOrigins('http://bücher.example').has('http://xn--bcher-kva.example')).toBe(true);
  });

  it('should refuse every page when none is listed', () => {
    expect(parseAllowedOrigins(' , ').has('https://app.example.com')).toBe(false);
    expect(parseAllowedOrigins(' , ').has(undefined)).toBe(true);
  });

  it.each([
    'https://*.example.com',
    'null',
    'app.example.com',
    'https://a.example/path',
    'https://u@a.example',
    'https://',
  ])('should refuse the setting %j and quote it', (part) => {
    expect(() => parseAllowedOrigins(`https://good.example,${part}`)).toThrow(JSON.stringify(part));
  });

  it('should refuse * beside origins', () => {
    expect(() => parseAllowedOrigins('*,https://a.example')).toThrow('not both');
  });

  it('should be shown as it was configured', () => {
    expect(String(parseAllowedOrigins('*'))).toBe('*');
    expect(String(parseAllowedOrigins('https://a.example, https://b.example'))).toBe(
      'https://a.example,https://b.example',
    );
  });
});
