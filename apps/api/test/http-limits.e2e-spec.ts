import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAllowedOrigins, parseTrustedProxies } from '#libs/config';
import type { Verifier } from '#libs/identity';
import { RequestError } from '#libs/protocol';
import type { HttpOptions } from '../src/index.js';
import { apiKey, startApi } from './start-api.js';
import type { Api } from './start-api.js';

let api: Api;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.stop();
});

const start = async (http: Partial<HttpOptions> = {}): Promise<void> => {
  api = await startApi({ http });
};

const query = '{ __typename }';
const served = { data: { __typename: 'Query' } };

/** A client that writes what it is told, and the text it has got when the server has closed. */
function openRaw(): { readonly socket: Socket; readonly received: Promise<string> } {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let text = '';
  const received = new Promise<string>((resolve) => {
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    socket.on('close', () => resolve(text));
    socket.on('error', () => undefined);
  });
  return { socket, received };
}

/** Status, lower-case headers and parsed body of an answer as it was sent. */
function read(text: string): { status: number; headers: Record<string, string>; body: unknown } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.split(': ')[0]!.toLowerCase(), line.split(': ')[1]!]));
  return { status: Number(first.split(' ')[1]), headers, body: JSON.parse(body) as unknown };
}

const malformed = (message: string) => ({ errors: [{ errorType: 'MalformedHttpRequestException', message }] });

/** Holds an answer on a raw socket to AppSync's shape. */
async function expectRefusal(received: Promise<string>, status: number, message: string): Promise<void> {
  const answer = read(await received);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual(malformed(message));
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-amzn-errortype': 'MalformedHttpRequestException',
    connection: 'close',
  });
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
}

const noFailures = () => api.records.filter((line) => line.includes('"level":50'));
const headers = `Host: localhost\r\nContent-Type: application/json\r\nx-api-key: ${apiKey}\r\n`;

describe('a client that is slow on purpose', () => {
  it('should be answered 408 when its headers do not come in time', async () => {
    await start({ headersTimeoutMs: 200 });
    const { socket, received } = openRaw();
    socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\n');
    const dripping = setInterval(() => socket.write('x-slow: 1\r\n'), 50);
    await expectRefusal(received, 408, 'The headers of the request did not come within 200 ms.');
    clearInterval(dripping);
    expect(await api.refusalsOf('HEADERS_TIMEOUT_MS')).toBe(1);
  });

  it('should be answered 408 when its body does not come in time', async () => {
    await start({ headersTimeoutMs: 200, bodyTimeoutMs: 300 });
    const { socket, received } = openRaw();
    socket.write(`POST /graphql HTTP/1.1\r\n${headers}Content-Length: 1000\r\n\r\n`);
    const dripping = setInterval(() => socket.write(' '), 50);
    await expectRefusal(received, 408, 'The request did not come within 300 ms.');
    clearInterval(dripping);
    expect(await api.refusalsOf('BODY_TIMEOUT_MS')).toBe(1);
    expect(noFailures()).toEqual([]);
  });

  it('should leave no failure in the log when it goes away in the middle of a body', async () => {
    await start();
    const { socket } = openRaw();
    socket.write(`POST /graphql HTTP/1.1\r\n${headers}Content-Length: 1000\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resetAndDestroy();
    expect((await api.ask(query)).body).toEqual(served);
    expect(noFailures()).toEqual([]);
  });

  it('should not keep others waiting', async () => {
    await start({ headersTimeoutMs: 5_000 });
    for (let i = 0; i < 200; i++) openRaw().socket.write('POST /graphql HTTP/1.1\r\n');
    expect((await api.ask(query)).body).toEqual(served);
  });

  it('should lose its connection some time after its last request', async () => {
    await start({ keepAliveTimeoutMs: 100 });
    const { socket, received } = openRaw();
    socket.write(`GET /graphql?query={__typename} HTTP/1.1\r\n${headers}\r\n`);
    expect(await received).toContain('200 OK');
  });
});

describe('a request that is too large', () => {
  it('should be answered 431 for its headers', async () => {
    await start({ maxHeaderBytes: 2_000 });
    const { socket, received } = openRaw();
    socket.write(`POST /graphql HTTP/1.1\r\n${headers}x-large: ${'a'.repeat(2_000)}\r\n\r\n`);
    await expectRefusal(received, 431, 'The headers of the request are too large. At most 2000 bytes are allowed.');
    expect(await api.refusalsOf('MAX_HEADER_BYTES')).toBe(1);
  });

  it('should be answered 413 for its body, as soon as its length is told', async () => {
    await start({ maxBodyBytes: 1_000 });
    const { socket, received } = openRaw();
    socket.write(`POST /graphql HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: 1000000000\r\n\r\n`);
    expect(read(await received)).toMatchObject({
      status: 413,
      body: malformed('Request body is too large. At most 1000 bytes are allowed.'),
    });
    expect(await api.refusalsOf('MAX_BODY_BYTES')).toBe(1);
  });

  it('should be answered 413 for a body of unknown length', async () => {
    await start({ maxBodyBytes: 1_000 });
    const { socket, received } = openRaw();
    socket.write(`POST /graphql HTTP/1.1\r\n${headers}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 3; i++) socket.write(`1f4\r\n${'a'.repeat(500)}\r\n`);
    expect((await received).split('\r\n')[0]).toContain('413');
    expect(await api.refusalsOf('MAX_BODY_BYTES')).toBe(1);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    [
      'a request with two lengths',
      `POST /graphql HTTP/1.1\r\n${headers}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    ],
    [
      'a length and chunks',
      `POST /graphql HTTP/1.1\r\n${headers}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a line feed in a header', `POST /graphql HTTP/1.1\r\nx-a: b\nc\r\n${headers}\r\n`],
  ])('should be answered 400: %s', async (_what, text) => {
    await start();
    const { socket, received } = openRaw();
    socket.write(text);
    await expectRefusal(received, 400, 'The request is not HTTP.');
    expect((await api.ask(query)).body).toEqual(served);
  });
});

describe('the number of connections', () => {
  it('should be bounded: further ones are closed', async () => {
    await start({ maxConnections: 2 });
    const held = [openRaw(), openRaw()];
    await Promise.all(held.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(await openRaw().received).toBe('');
    expect(await api.refusalsOf('MAX_CONNECTIONS')).toBe(1);
    held[0]!.socket.destroy();
    await expect.poll(async () => (await api.ask(query).catch(() => null))?.status).toBe(200);
  });
});

describe('the request rate of an address', () => {
  const from = (address: string) =>
    api.ask(query, { headers: { 'x-api-key': apiKey, 'x-forwarded-for': address, origin: 'https://app.example.com' } });

  it('should be bounded: further requests are answered 429, before their credentials are looked at', async () => {
    await start({ requestsPerSecondPerAddress: 2 });
    expect([(await api.ask(query)).status, (await api.ask(query)).status]).toEqual([200, 200]);
    const { status, headers: answered, body } = await api.ask(query, { headers: {} });
    expect(status).toBe(429);
    expect(body).toEqual({ errors: [{ errorType: 'ThrottlingException', message: 'Rate exceeded' }] });
    expect(answered.get('retry-after')).toBe('1');
    expect(answered.get('x-amzn-errortype')).toBe('ThrottlingException');
    expect(await api.refusalsOf('REQUESTS_PER_SECOND_PER_ADDRESS')).toBe(1);
    await expect.poll(async () => (await api.ask(query)).status, { timeout: 3_000, interval: 300 }).toBe(200);
  });

  it('should be counted by client where the proxy in front is trusted, and readable by a page', async () => {
    await start({ requestsPerSecondPerAddress: 1, trustedProxies: parseTrustedProxies('loopback') });
    expect((await from('192.0.2.1')).status).toBe(200);
    const refused = await from('192.0.2.1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect((await from('192.0.2.2')).status).toBe(200);
    // What a client writes itself stands further left, and is not read.
    expect((await from('198.51.100.7, 192.0.2.1')).status).toBe(429);
  });

  it('should not be escaped by a header that nobody may be believed', async () => {
    await start({ requestsPerSecondPerAddress: 1 });
    expect((await from('192.0.2.1')).status).toBe(200);
    expect((await from('192.0.2.2')).status).toBe(429);
  });
});

describe('the addresses of a request', () => {
  it.each([
    ['with the client first where the proxy is trusted', 'loopback', ['192.0.2.1', '127.0.0.1']],
    ['of the peer alone where it is not', '10.0.0.0/8', ['127.0.0.1']],
  ])('should be told to those who verify its credentials: %s', async (_what, proxies, expected) => {
    let seen: readonly string[] = [];
    const verifier: Verifier = {
      mode: 'API_KEY',
      claims: () => true,
      verify: ({ sourceIp }) => {
        seen = sourceIp;
        return Promise.reject(new RequestError('UNAUTHORIZED', 'no'));
      },
    };
    api = await startApi({ verifiers: [verifier], http: { trustedProxies: parseTrustedProxies(proxies) } });
    await api.ask(query, { headers: { 'x-forwarded-for': '198.51.100.7, 192.0.2.1' } });
    expect(seen).toEqual(expected);
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    api.send({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
    });

  it('should get no headers of CORS where only some origins are allowed', async () => {
    await start({ allowedOrigins: parseAllowedOrigins('https://app.example.com') });
    const allowed = await preflight('https://app.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    for (const origin of [
      'https://app.example.com.evil.example',
      'https://evil.example',
      'http://app.example.com',
      'null',
    ]) {
      const { headers: answered } = await preflight(origin);
      expect([origin, answered.get('access-control-allow-origin')]).toEqual([origin, null]);
      const asked = await api.ask(query, { headers: { 'x-api-key': apiKey, origin } });
      expect([origin, asked.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
      expect(asked.headers.get('vary')).toContain('Origin');
    }
    expect((await api.ask(query)).body).toEqual(served);
  });
});

describe('a method or path that is not served', () => {
  it.each([
    ['HEAD', '', 400],
    ['DELETE', '', 404],
    ['GET', '/../etc/passwd', 404],
  ])('should be answered without a failure: %s %s', async (method, path, status) => {
    await start();
    const answer = await fetch(api.url + path, { method, headers: { 'x-api-key': apiKey } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-amzn-errortype')).toBe('MalformedHttpRequestException');
    expect(noFailures()).toEqual([]);
  });
});
