import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAllowedOrigins } from '#libs/config';
import { openEventStream, refusedEventStream } from './event-stream-client.js';
import type { RawEventStream, StreamRequest } from './event-stream-client.js';
import { apiKey, startGateway } from './start-gateway.js';
import type { TestGateway, TestGatewayOptions } from './start-gateway.js';
import { tasksWithRights } from './tasks-with-rights.js';

const key = { 'x-api-key': apiKey };
const query = 'subscription { onTaskCreated { id } }';

let gateway: TestGateway;
const opened: RawEventStream[] = [];
afterEach(async () => {
  for (const stream of opened.splice(0)) stream.close();
  await gateway.stop();
});

async function start(options: Partial<TestGatewayOptions> = {}): Promise<void> {
  gateway = await startGateway({ api: tasksWithRights, ...options });
}

async function open(wanted: Partial<StreamRequest> = {}): Promise<RawEventStream> {
  const stream = await openEventStream({ port: gateway.port, headers: key, body: { query }, ...wanted });
  opened.push(stream);
  return stream;
}

const refused = (wanted: Partial<StreamRequest> = {}) =>
  refusedEventStream({ port: gateway.port, headers: key, body: { query }, ...wanted });

const next = (result: unknown): string => `event: next\ndata: ${JSON.stringify(result)}`;
const complete = 'event: complete\ndata:';
const task = (id: string) => ({ data: { onTaskCreated: { id } } });

/** Resolves when so many streams and subscriptions are left. */
const left = (connections: number, subscriptions = connections): Promise<void> =>
  vi.waitFor(() => expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([connections, subscriptions]), {
    timeout: 5_000,
    interval: 2,
  });

describe('an event stream', () => {
  it('should be live when its headers are there, and tell proxies to keep out', async () => {
    await start();
    const stream = await open();
    expect([gateway.connectionCount, gateway.subscriptionCount]).toEqual([1, 1]);
    expect(stream.response.headers).toMatchObject({
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
      'access-control-allow-origin': '*',
    });
    await gateway.publish('createTask', { id: 'Åse 🐦' });
    await gateway.publish('createTask', { id: '2' });
    expect(await stream.waitForEvents(2)).toEqual([next(task('Åse 🐦')), next(task('2'))]);
    expect(await gateway.metrics('starling_gateway_connections')).toContain(
      'starling_gateway_connections{protocol="sse"} 1',
    );
  });

  it('should be asked for by GET, as an EventSource does', async () => {
    await start();
    const parameters = new URLSearchParams({
      query:
        'subscription One($boardId: String) { onTaskCreated(boardId: $boardId) { id } } subscription Two { onOwn { id } }',
      variables: '{"boardId":"b+1"}',
      operationName: 'One',
    });
    const stream = await open({ method: 'GET', path: `/graphql/stream/?${parameters.toString()}`, body: undefined });
    await gateway.publish('createTask', { id: '1', boardId: 'b 1' });
    await gateway.publish('createTask', { id: '2', boardId: 'b+1' });
    expect(await stream.waitForEvents(1)).toEqual([next(task('2'))]);
  });

  it('should be let go when its client goes', async () => {
    await start();
    const stream = await open();
    stream.close();
    await left(0);
  });

  it('should be let go when its client goes while the resolver runs', async () => {
    await start({ maxConnections: 1 });
    const held = gateway.hold();
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    const socket = connectTcp(gateway.port, '127.0.0.1');
    socket.write(
      `GET /graphql/stream?query=subscription{onOwn{id}} HTTP/1.1\r\nHost: x\r\nAuthorization: ${Authorization}\r\n\r\n`,
    );
    await held.waitFor(1);
    expect((await refused()).status).toBe(503);
    socket.destroy();
    const stream = await vi.waitFor(() => open(), { timeout: 5_000 });
    held.release(0);
    await gateway.publish('createTask', { id: '1' });
    await stream.waitForEvents(1);
    expect(gateway.subscriptionCount).toBe(1);
  });

  it('should have each of a connection that is kept, one after the other', async () => {
    await start();
    const socket = connectTcp(gateway.port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => (received += data.toString()));
    const ask = (document: string): void => {
      const body = JSON.stringify({ query: document });
      socket.write(
        `POST /graphql/stream HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${apiKey}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    };
    ask('subscription { onNothing { id } }');
    await vi.waitFor(() => expect(received).toMatch(/event: complete\ndata:\n\n\r\n0\r\n\r\n$/), { timeout: 5_000 });
    received = '';
    ask(query);
    await left(1);
    await gateway.publish('createTask', { id: '1' });
    const event = `${next(task('1'))}\n\n`;
    await vi.waitFor(() => expect(received.endsWith(`\r\n${event.length.toString(16)}\r\n${event}\r\n`)).toBe(true), {
      timeout: 5_000,
    });
    // A request behind a stream waits for its end.
    ask(query);
    await gateway.publish('createTask', { id: '2' });
    await vi.waitFor(() => expect(received).toContain(next(task('2'))), { timeout: 5_000 });
    expect(gateway.subscriptionCount).toBe(1);
    socket.destroy();
    await left(0);
  });

  it('should end with the connection for a client of HTTP/1.0, such as nginx by default', async () => {
    await start();
    const socket = connectTcp(gateway.port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => (received += data.toString()));
    const parameters = new URLSearchParams({ query: 'subscription { onOwn { id } }' });
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    socket.write(`GET /graphql/stream?${parameters.toString()} HTTP/1.0\r\nAuthorization: ${Authorization}\r\n\r\n`);
    await left(1);
    await gateway.publish('createTask', { id: '1' });
    await gateway.invalidate('onOwn', { username: 'jdoe' });
    await once(socket, 'close');
    const [, body] = received.split('\r\n\r\n');
    expect(body).toMatch(
      /^retry: \d+\n\nevent: next\ndata: \{"data":\{"onOwn":\{"id":"1"\}\}\}\n\nevent: complete\ndata:\n\n$/,
    );
  });
});

describe('a subscription that is refused', () => {
  const unauthorised = (message: string) => ({ errorType: 'UnauthorizedException', message });

  it.each([
    ['without credentials', {}, 'Valid authorization header not provided.'],
    ['with a wrong key', { 'x-api-key': 'da2-wrong' }, 'You are not authorized to make this call.'],
  ])('should be answered 401 before the stream %s', async (_how, headers, message) => {
    await start();
    const answer = await refused({ headers });
    expect(answer).toMatchObject({ status: 401, errors: [unauthorised(message)] });
    expect(answer.headers).toMatchObject({
      'x-amzn-errortype': 'UnauthorizedException',
      'x-amzn-requestid': expect.stringMatching(/^[\w-]{36}$/) as string,
      'access-control-expose-headers': 'x-amzn-requestid,x-amzn-errortype',
    });
    expect(await gateway.count('handshakeRefusals', 'UNAUTHORIZED')).toBe(1);
    expect(await gateway.count('authRefusals', 'UNAUTHORIZED')).toBe(1);
    await left(0);
  });

  it.each([
    ['no JSON', { body: '{' }, 'Unable to parse GraphQL query.'],
    ['no query', { body: { variables: {} } }, 'Unable to parse GraphQL query.'],
    ['variables that are none', { body: { query, variables: [1] } }, 'Unable to parse GraphQL query.'],
    ['a batch', { body: [{ query }] }, 'Unable to parse GraphQL query.'],
    ['nothing', { body: undefined }, 'Request body is empty.'],
    [
      'two queries',
      { method: 'GET', path: '/graphql/stream?query=a&query=b', body: undefined },
      'Unable to parse GraphQL query.',
    ],
  ])('should be answered 400 for %s', async (_what, wanted, message) => {
    await start();
    const errors = [{ errorType: 'MalformedHttpRequestException', message }];
    expect(await refused(wanted)).toMatchObject({ status: 400, errors });
  });

  it.each(['PUT', 'DELETE', 'HEAD'])('should be answered 405 for %s', async (method) => {
    await start();
    const answer = await refused({ method, body: undefined });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, POST, OPTIONS');
    if (method !== 'HEAD') expect(JSON.stringify(answer.errors)).toContain('the single connection mode is not served');
  });

  it.each([
    ['application/json', 406],
    ['text/event-stream;q=0', 406],
    ['application/json, text/event-stream;q=0.9', 200],
    ['*/*', 200],
  ])('should depend on what the client accepts: %s', async (accept, status) => {
    await start();
    const headers = { ...key, accept };
    if (status === 200) expect((await open({ headers })).response.statusCode).toBe(200);
    else expect(await refused({ headers })).toMatchObject({ status, errors: [{ errorType: 'BadRequestException' }] });
  });

  it('should be told on the stream what its document, its resolver or its rights did wrong, and not come back', async () => {
    await start();
    const cases = [
      ['{ getTask(id: "1") { id } }', "A query can't be run here"],
      ['subscription { onTaskCreated { no } }', 'Validation error of type FieldUndefined'],
      ['subscription { onRefused(how: "error") { id } }', '"errorType":"BoardClosed"'],
    ];
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    for (const [document = '', told = ''] of cases) {
      const stream = await open({ headers: { Authorization }, body: { query: document } });
      expect(await stream.waitForEnd()).toBe('ended');
      const [refusal, end] = stream.events;
      expect(refusal).toMatch(/^event: next\ndata: \{.*"errors":\[/);
      expect(refusal).toContain(told);
      expect(end).toBe(complete);
    }
    await left(0);
  });

  it('should be told of a field that failed beside its null', async () => {
    await start();
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    const stream = await open({ headers: { Authorization }, body: { query: 'subscription { onManaged { id } }' } });
    await stream.waitForEnd();
    expect(stream.events[0]).toMatch(/^event: next\ndata: \{"data":\{"onManaged":null\},"errors":\[\{.*"Unauthorized"/);
  });
});

describe('the limits', () => {
  it('should bound the body', async () => {
    await start({ maxFrameBytes: 1_000 });
    const answer = await refused({ body: { query, padding: 'x'.repeat(1_000) } });
    expect(answer).toMatchObject({ status: 413, errors: [{ errorType: 'MalformedHttpRequestException' }] });
    expect(answer.headers.connection).toBe('close');
    expect(await gateway.count('limitRefusals', 'MAX_FRAME_BYTES')).toBe(1);
    await left(0);
  });

  it('should bound the connections of the process, WebSockets among them', async () => {
    await start({ maxConnections: 1 });
    const stream = await open();
    const answer = await refused();
    expect(answer).toMatchObject({ status: 503, errors: [{ errorType: 'ServiceUnavailableException' }] });
    expect(answer.headers['retry-after']).toBe('1');
    expect(await gateway.count('limitRefusals', 'MAX_CONNECTIONS')).toBe(1);
    stream.close();
    await left(0);
    await open();
  });

  it('should bound the connections of a person', async () => {
    await start({ maxConnectionsPerIdentity: 1 });
    const { Authorization } = await gateway.authorization({ username: 'jdoe' });
    await open({ headers: { Authorization } });
    expect(await refused({ headers: { Authorization } })).toMatchObject({
      status: 429,
      errors: [{ errorType: 'LimitExceededError' }],
    });
    await open();
  });

  it('should leave a place when a request is refused or broken off', async () => {
    await start({ maxConnections: 1 });
    for (let attempt = 0; attempt < 3; attempt += 1) expect((await refused({ headers: {} })).status).toBe(401);
    const socket = connectTcp(gateway.port, '127.0.0.1');
    socket.write('POST /graphql/stream HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\nhalf');
    // It is asked for the rest of its body.
    await once(socket, 'data');
    expect((await refused()).status).toBe(503);
    socket.destroy();
    await vi.waitFor(() => open(), { timeout: 5_000 });
    expect(gateway.logged).not.toContain('"level":50');
  });
});

describe('the origin of a page', () => {
  const allowedOrigins = parseAllowedOrigins('https://app.example.com');
  const origin = 'https://app.example.com';

  it('should be let in when it is listed', async () => {
    await start({ allowedOrigins });
    const { headers } = (await open({ headers: { ...key, origin } })).response;
    expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
  });

  it('should be refused when it is not, so that no page opens streams with what it has found', async () => {
    await start({ allowedOrigins });
    const answer = await refused({ headers: { ...key, origin: 'https://evil.test' } });
    expect(answer).toMatchObject({ status: 403, errors: [{ errorType: 'ForbiddenException' }] });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('should have its preflight answered', async () => {
    await start({ allowedOrigins });
    const preflight = (from: string) =>
      refused({
        method: 'OPTIONS',
        body: undefined,
        headers: { origin: from, 'access-control-request-headers': 'x-api-key,content-type' },
      });
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'x-api-key,content-type',
      'access-control-max-age': '86400',
    });
    expect((await preflight('https://evil.test')).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
