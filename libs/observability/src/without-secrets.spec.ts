import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { withoutSecrets } from './without-secrets.js';

/** The record that a logger writes, and its text. */
function logged(details: object, text = 'said'): { record: Record<string, unknown>; line: string } {
  let line = '';
  const destination = new PassThrough().on('data', (chunk: Buffer) => (line += chunk.toString()));
  createLogger({ name: 'api', level: 'trace', destination }).info(details, text);
  return { record: JSON.parse(line) as Record<string, unknown>, line };
}

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZG9lIn0.c2lnbmF0dXJlLW9mLWpkb2U';
const header = Buffer.from(JSON.stringify({ host: 'localhost', 'x-api-key': 'hush-hush' })).toString('base64');

describe('a record of the log', () => {
  it.each<[string, object]>([
    ['a header', { authorization: 'hush-hush' }],
    ['a header in other letters', { Authorization: 'Bearer hush-hush' }],
    ['headers of a request', { req: { headers: { 'x-api-key': 'hush-hush', host: 'a' } } }],
    ['headers further down', { a: { b: { c: [{ 'X-Amz-Security-Token': 'hush-hush' }] } } }],
    ['a header that was repeated', { headers: { cookie: ['hush-hush', 'hush-hush'] } }],
    ['a value with quotes and backslashes', { password: 'a"hush-hush\\"\\' }],
    ['a token of an authorizer’s event', { event: { authorizationToken: 'hush-hush' } }],
    ['an AWS secret', { credentials: { secretAccessKey: 'hush-hush', sessionToken: 'hush-hush' } }],
    ['a password of a database', { db_password: 'hush-hush' }],
    ['JSON in a text', { body: JSON.stringify({ authorization: 'hush-hush', a: 1 }) }],
    ['JSON in a text in JSON in a text', { body: JSON.stringify({ b: JSON.stringify({ token: 'hush-hush' }) }) }],
    ['a handshake', { url: `/graphql/realtime?header=${header}&payload=e30=` }],
    ['a handshake that is not encoded', { url: '/graphql/realtime?a=1&header=hush-hush' }],
    ['a subprotocol', { protocols: `graphql-ws, header-${header}` }],
    ['a message of an error', { err: new Error('wrong header authorization: Bearer hush-hush here') }],
    ['a dump of an object', { err: new Error("{ 'x-api-key': 'hush-hush' }") }],
    ['a cause of an error', { err: new Error('outer', { cause: new Error('x-api-key: hush-hush') }) }],
    ['members of an error', { err: Object.assign(new Error('failed'), { headers: { authorization: 'hush-hush' } }) }],
  ])('should not have %s', (_what, details) => {
    const { line } = logged(details);
    expect(line).not.toContain('hush');
    expect(line).not.toContain(header);
    expect(line).toContain('[secret]');
  });

  it.each([
    ['a token', token, token.slice(-12)],
    [
      'a token in base64',
      Buffer.from(token).toString('base64url'),
      Buffer.from(token).toString('base64url').slice(-12),
    ],
    ['an API key', 'da2-abcdefghijklmnopqrstuvwxyz', 'klmnop'],
    ['a signature', `AWS4-HMAC-SHA256 Credential=AKIA/1, Signature=${'0a'.repeat(32)}`, '0a0a0a'],
  ])('should not have %s, wherever it stands', (_what, secret, part) => {
    expect(logged({}, `refused ${secret} of somebody`).line).not.toContain(part);
    expect(logged({ err: new Error(`refused ${secret}`) }).line).not.toContain(part);
    expect(logged({ list: [`(${secret})`] }).line).not.toContain(part);
  });

  it('should keep the rest as it is', () => {
    const details = {
      requestId: 'fdb7f3ea-8e57-4a0c-9f6c-0f2d4c1b2a3e',
      url: '/graphql?query={tasks{header}}&operationName=A',
      tokens: 15_000,
      code: 'UNAUTHORIZED',
      answer: 'Valid authorization header not provided.',
      nextToken: 'page-2',
      headers: { host: 'localhost', authorization: 'a' },
      quoted: 'say "password" and "token"',
    };
    const { record } = logged(details, 'Credentials were not taken');
    expect(record).toMatchObject({
      ...details,
      headers: { host: 'localhost', authorization: '[secret]' },
      msg: 'Credentials were not taken',
    });
  });

  it('should be read in time that grows with its length only', () => {
    const startedAt = performance.now();
    for (const part of ['"', '\\', '\\"', '"token":"', '?header=', 'eyJ', '=', 'authorization: ', '-_-'])
      withoutSecrets(part.repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
